import { compareText } from "./compare-text.ts";
import type { EventRecord } from "./event-store.ts";

const CHUNK = 1000;

interface Head {
  readonly source: AsyncGenerator<readonly EventRecord[]>;
  chunk: readonly EventRecord[];
  next: number;
}

/** Several sources, each in order of (at, messageId), as one. */
export async function* mergeEvents(
  sources: readonly AsyncGenerator<readonly EventRecord[]>[],
): AsyncGenerator<readonly EventRecord[]> {
  const [only] = sources;
  if (only !== undefined && sources.length === 1) {
    yield* only;
    return;
  }
  const heads: Head[] = [];
  for (const source of sources) {
    const first = await source.next();
    if (first.done !== true) heads.push({ source, chunk: first.value, next: 0 });
  }
  let merged: EventRecord[] = [];
  while (heads.length > 0) {
    let best: { readonly head: Head; readonly record: EventRecord } | undefined;
    for (const head of heads) {
      const record = head.chunk[head.next];
      if (record !== undefined && (best === undefined || isBefore(record, best.record)))
        best = { head, record };
    }
    if (best === undefined) break;
    const { head, record } = best;
    merged.push(record);
    head.next += 1;
    if (head.next === head.chunk.length) {
      const more = await head.source.next();
      if (more.done === true) heads.splice(heads.indexOf(head), 1);
      else Object.assign(head, { chunk: more.value, next: 0 });
    }
    if (merged.length === CHUNK) {
      yield merged;
      merged = [];
    }
  }
  if (merged.length > 0) yield merged;
}

function isBefore(a: EventRecord, b: EventRecord): boolean {
  return a.at < b.at || (a.at === b.at && compareText(a.messageId, b.messageId) < 0);
}
