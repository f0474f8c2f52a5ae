import type { Status } from "../model/invoice.ts";
import { useWords } from "../words/language.ts";

export function StatusTag({ status }: { status: Status }) {
  return <span class={`tag tag-${status}`}>{useWords().invoice.status[status]}</span>;
}
