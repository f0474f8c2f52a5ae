import type { JsonService } from "./json-service.ts";
import { pathOf } from "./place.ts";

/** The id of the step that an offset lies in; `undefined` outside of all steps. */
export function stepAt(service: JsonService, text: string, offset: number): string | undefined {
  const node = service.parse(text).getNodeFromOffset(offset, true);
  if (node === undefined) return undefined;
  const [list, index] = pathOf(node);
  if (list !== "steps" || typeof index !== "number") return undefined;
  try {
    const flow = JSON.parse(text) as { readonly steps?: readonly { readonly id?: unknown }[] };
    const id = flow.steps?.[index]?.id;
    return typeof id === "string" ? id : undefined;
  } catch {
    return undefined;
  }
}
