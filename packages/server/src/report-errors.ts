import { isStoreUnavailable } from "./storage/store-unavailable.ts";

/** While the store refuses, every request says the same: one line in this time tells of all of them. */
const QUIET_MS = 1_000;

/** Writes down what no caller may see, once each. */
export function createErrorReporter(
  write: (fields: object) => void,
  now: () => number,
): (thrown: unknown, requestId: string) => void {
  let quietUntil = Number.NEGATIVE_INFINITY;
  let unsaid = 0;
  return (thrown, requestId) => {
    const refused = isStoreUnavailable(thrown);
    if (refused) {
      if (now() < quietUntil) {
        unsaid += 1;
        return;
      }
      quietUntil = now() + QUIET_MS;
    }
    const error = thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown);
    const cause =
      thrown instanceof Error && thrown.cause !== undefined ? { cause: String(thrown.cause) } : {};
    const more = refused && unsaid > 0 ? { likeItBefore: unsaid } : {};
    if (refused) unsaid = 0;
    write({ requestId, error, ...cause, ...more });
  };
}
