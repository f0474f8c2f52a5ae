import {
  formatProblem,
  LEAF_KEYS,
  type Validation,
  validateFeature,
  validateFlow,
  validateSegment,
  validateSettings,
} from "@cairn/flow-schema";
import { validateMessage } from "@cairn/flow-schema/message";
import type { Block } from "./read-page.ts";

type Json = { readonly [key: string]: unknown };

export const isCondition = (value: Json): boolean =>
  ["all", "any", "not", ...LEAF_KEYS].includes(Object.keys(value)[0] ?? "") && !("kind" in value);

const step = (more: object) => flow({ steps: [{ id: "one", title: "One", ...more }] });
const flow = (more: object) => ({
  schemaVersion: 1,
  id: "whole",
  kind: "tooltip",
  steps: [
    { id: "one", title: "One" },
    { id: "invite", title: "Invite" },
  ],
  ...more,
});
const user = (rule: unknown) => flow({ audience: { user: rule } });
const feature = (more: object) => ({
  id: "whole",
  name: "Whole",
  uses: [{ event: "x" }],
  activated: { count: 1, within: "1d" },
  ...more,
});

/** Fragments are checked inside of what they belong to: by the heading above them. */
const WHOLE: { readonly [heading: string]: (fragment: unknown) => Json } = {
  Step: (one) => flow({ steps: [one] }),
  Route: (one) =>
    flow({
      steps: [
        { id: "one", title: "One", next: [one, { step: "invite" }] },
        { id: "invite", title: "Invite" },
      ],
    }),
  Item: (one) => ({ schemaVersion: 1, id: "whole", kind: "checklist", items: [one] }),
  Action: (one) => step({ actions: [one] }),
  Target: (target) => step({ target }),
  Media: (media) => step({ media }),
  Goal: (goal) => flow({ goal }),
  Frequency: (frequency) => flow({ frequency }),
  Schedule: (schedule) => flow({ schedule }),
  Holdout: (holdout) => flow({ holdout }),
  Variant: (one) => flow({ variants: [one, { id: "other", weight: 1 }] }),
  Theme: (theme) => flow({ theme }),
  "Attribute rules": user,
  "Comparisons of durations": (test) => user({ endsAt: { $ahead: test } }),
  Text: (title) => step({ title }),
  "Feature uses": (use) => feature({ uses: [use] }),
  "Activation rule": (activated) => feature({ activated }),
  "Lapse rule": (lapsed) => feature({ lapsed }),
  Budget: (budget) => ({ budget }),
  "Quiet rule": (rule) => ({ quiet: [rule] }),
};

/** What kind of definition a value is, by the fields that only it has. */
function validate(value: Json, file: string): Validation<unknown> {
  if ("kind" in value) return validateFlow(value, { file });
  if ("uses" in value) return validateFeature(value, { file });
  if ("where" in value && "id" in value) return validateSegment(value, { file });
  if ("messageId" in value) {
    const result = validateMessage(value, file);
    return result.ok ? result : { ok: false, problems: [result.problem] };
  }
  if (isCondition(value)) return validateSegment({ id: "block", where: value }, { file });
  return validateSettings(value, { file });
}

/** Problems of a `json` block, or of a `jsonc` fragment within what it belongs to. */
export function problemsOf(block: Block): readonly string[] {
  const value = JSON.parse(block.text) as Json;
  const wrap = block.language === "jsonc" ? WHOLE[block.headings.at(-1) ?? ""] : (one: Json) => one;
  if (!wrap) return [`${block.place}: no definition is known to which a fragment under this heading belongs`];
  const result = validate(wrap(value), block.place);
  return result.ok ? [] : result.problems.map(formatProblem);
}
