import type { GuidanceEvent } from "./guidance-by-person.ts";

const DECISIONS = ["decided-held", "held", "decided-withheld", "withheld", "decided-shown", "shown"] as const;

/** Counts people by outcome and by reason, and how often each reason held. */
export function createDecided() {
  let [triggered, shown, withheld] = [0, 0, 0];
  const held = new Map<string, number>();
  const holds = new Map<string, number>();
  return {
    /** Counts one person; gives back whether anything was decided for them. */
    count(events: readonly GuidanceEvent[]): boolean {
      const codes = new Set(events.map(({ code }) => code));
      if (!DECISIONS.some((code) => codes.has(code))) return false;
      triggered += 1;
      if (codes.has("shown") || codes.has("decided-shown")) shown += 1;
      if (codes.has("withheld") || codes.has("decided-withheld")) withheld += 1;
      const reasons = new Set<string>();
      for (const { code, reason, times } of events)
        if ((code === "held" || code === "decided-held") && reason !== null) {
          reasons.add(reason);
          holds.set(reason, (holds.get(reason) ?? 0) + times);
        }
      for (const reason of reasons) held.set(reason, (held.get(reason) ?? 0) + 1);
      return true;
    },
    result: () => ({
      triggered,
      decided: { shown, withheld, held: Object.fromEntries(held), holds: Object.fromEntries(holds) },
    }),
  };
}
