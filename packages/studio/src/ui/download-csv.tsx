import { useState } from "preact/hooks";
import { useStudio } from "../shell/studio-context.ts";

/** Long enough for a browser to have taken the file over. */
const KEPT_MS = 60_000;

/** Saves a report as a file. It is fetched like all else, because a link carries no key and no environment. */
export function DownloadCsv(props: { readonly name: string; readonly load: () => Promise<Response> }) {
  const { words, announce } = useStudio();
  const [busy, setBusy] = useState(false);
  async function download() {
    setBusy(true);
    try {
      const response = await props.load();
      if (!response.ok) throw new Error(`answered ${response.status}`);
      const url = URL.createObjectURL(await response.blob());
      const link = document.createElement("a");
      link.href = url;
      link.download = `${props.name}.csv`;
      link.click();
      setTimeout(() => URL.revokeObjectURL(url), KEPT_MS);
    } catch {
      announce(words.csv.failed);
    }
    setBusy(false);
  }
  return (
    <button type="button" class="button" disabled={busy} onClick={download}>
      <svg width="12" height="12" viewBox="0 0 12 12" fill="none" stroke="currentColor" aria-hidden="true">
        <path d="M6 1v7M3 5.500l3 3 3-3M1.500 11h9" stroke-width="1.500" />
      </svg>
      {words.activation.download}
    </button>
  );
}
