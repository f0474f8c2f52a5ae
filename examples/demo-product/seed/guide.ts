import { isHeldOut } from "./bucket.ts";
import type { Journal, Visit } from "./journal.ts";

/** A flow as the history plays it: its kind, its steps, and how many go on from each. */
interface Script {
  readonly kind: "tooltip" | "tour" | "checklist";
  readonly steps: readonly {
    readonly id: string;
    readonly goOn: number;
    readonly action: string;
    readonly label: string;
  }[];
  readonly holdout: boolean;
}

export const SCRIPTS = {
  "first-week-checklist": { kind: "checklist", steps: [], holdout: true },
  "first-value-tour": {
    kind: "tour",
    steps: [
      { id: "start", goOn: 0.84, action: "begin", label: "Start" },
      { id: "client", goOn: 0.88, action: "next", label: "Next" },
      { id: "send", goOn: 0.93, action: "ok", label: "Got it" },
    ],
    holdout: true,
  },
  "first-export": {
    kind: "tooltip",
    steps: [{ id: "export", goOn: 0.78, action: "ok", label: "Got it" }],
    holdout: true,
  },
  "filtered-not-exported": {
    kind: "tooltip",
    steps: [{ id: "export", goOn: 0.7, action: "ok", label: "Got it" }],
    holdout: true,
  },
  "invite-your-team": {
    kind: "tooltip",
    steps: [{ id: "invite", goOn: 0.55, action: "invite", label: "Invite someone" }],
    holdout: true,
  },
  "quiet-export-check-in": {
    kind: "tooltip",
    steps: [{ id: "ask", goOn: 0.6, action: "seasonal", label: "It is seasonal" }],
    holdout: false,
  },
  "trial-ends-with-value": {
    kind: "tooltip",
    steps: [{ id: "plan", goOn: 0.7, action: "plans", label: "See the plans" }],
    holdout: true,
  },
  "trial-ends-before-value": {
    kind: "tooltip",
    steps: [{ id: "plan", goOn: 0.6, action: "time", label: "Ask for more time" }],
    holdout: true,
  },
  "payment-due": {
    kind: "tooltip",
    steps: [{ id: "due", goOn: 0.75, action: "pay", label: "Go to payment" }],
    holdout: false,
  },
} as const satisfies { readonly [flow: string]: Script };
export type SampleFlow = keyof typeof SCRIPTS;

/** The lines of the first-week checklist, in its order; the last one is optional. */
export const ITEMS = [
  "create-invoice",
  "send-invoice",
  "client-opens",
  "see-reports",
  "meet-your-person",
] as const;
const REQUIRED = ITEMS.slice(0, 4);
export type Item = (typeof ITEMS)[number];

export type Answer = "completed" | "dismissed" | "withheld" | "held";

export interface Guide {
  /** The flow's moment has come: writes what Cairn would have recorded, and says how it went. */
  offer(flow: SampleFlow, visit: Visit): Answer;
  /** Whether this person has ever been offered the flow. */
  met(flow: SampleFlow, visit: Visit): boolean;
  /** Something that a line of the open checklist waits for was done; the last one completes it. */
  tick(visit: Visit, item: Item): void;
  goal(flow: SampleFlow, visit: Visit): void;
}

/** What the guidance did with each person, under a budget of two hints a visit. */
export function createGuide(journal: Journal, random: () => number): Guide {
  const met = new Set<string>();
  const hints = new Map<string, number>();
  const checklists = new Map<string, { readonly run: string; readonly done: Set<Item> }>();
  let runs = 0;

  const record = (
    visit: Visit,
    after: number,
    event: string,
    properties: { readonly [name: string]: string | number },
    run?: { id: string; decidedAt: number },
  ): void => journal.write(visit, after, { type: "track", event: `cairn.${event}`, properties }, run);

  return {
    offer(flow, visit) {
      const script: Script = SCRIPTS[flow];
      const about = { flow, version: 1 };
      const key = `${flow} ${visit.user.id}`;
      if (script.holdout && isHeldOut(flow, visit.account.id)) {
        met.add(key);
        record(visit, 0, "flow.decided", {
          ...about,
          outcome: "withheld",
          reason: "holdout",
          start: "trigger",
        });
        record(visit, 0, "flow.withheld", { ...about, holdout: "flow" });
        return "withheld";
      }
      const spent = hints.get(visit.session) ?? 0;
      const reason =
        script.kind === "checklist" || flow === "payment-due"
          ? undefined
          : spent >= 2
            ? "budget"
            : random() < 0.06
              ? "guard"
              : spent === 1 && random() < 0.4
                ? "outranked"
                : undefined;
      if (reason !== undefined) {
        const at = new Date(visit.at).toISOString();
        record(visit, 0, "flow.held", { flow, reason, count: 1, from: at, to: at });
        return "held";
      }
      met.add(key);
      const run = { id: `sample-run-${++runs}`, decidedAt: visit.at };
      record(visit, 0, "flow.decided", { ...about, outcome: "shown", start: "trigger" }, run);
      record(visit, 1_200, "flow.shown", { ...about, kind: script.kind, run: run.id, start: "trigger" }, run);
      if (script.kind === "checklist") {
        checklists.set(visit.user.id, { run: run.id, done: new Set() });
        return "completed";
      }
      hints.set(visit.session, spent + 1);
      for (const [index, step] of script.steps.entries()) {
        const here = { ...about, step: step.id, index };
        record(visit, index === 0 ? 0 : 1_500, "step.shown", here, run);
        const pause = 2_500 + Math.floor(random() * 9_000);
        if (random() > step.goOn) {
          record(visit, pause, "flow.dismissed", { ...about, step: step.id }, run);
          record(visit, 0, "flow.ended", { ...about, reason: "dismissed", step: step.id }, run);
          return "dismissed";
        }
        record(
          visit,
          pause,
          "step.action",
          { ...about, step: step.id, action: step.action, label: step.label },
          run,
        );
        record(visit, 0, "step.completed", here, run);
      }
      const last = script.steps[script.steps.length - 1]?.id ?? "";
      record(visit, 0, "flow.completed", { ...about, step: last }, run);
      record(visit, 0, "flow.ended", { ...about, reason: "completed", step: last }, run);
      return "completed";
    },
    met: (flow, visit) => met.has(`${flow} ${visit.user.id}`),
    tick(visit, item) {
      const open = checklists.get(visit.user.id);
      if (open === undefined || open.done.has(item)) return;
      open.done.add(item);
      const about = { flow: "first-week-checklist", version: 1 };
      const run = { id: open.run, decidedAt: visit.at };
      record(visit, 0, "step.completed", { ...about, step: item, item, index: ITEMS.indexOf(item) }, run);
      if (REQUIRED.some((one) => !open.done.has(one))) return;
      checklists.delete(visit.user.id);
      record(visit, 0, "flow.completed", about, run);
      record(visit, 0, "flow.ended", { ...about, reason: "completed" }, run);
    },
    goal(flow, visit) {
      record(visit, 0, "goal.reached", { flow, version: 1 });
    },
  };
}
