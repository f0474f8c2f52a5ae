import { type Step, type TargetKey, type Text, type Theme, targetKey } from "@cairn/flow-schema";
import type { CompiledFlow } from "./compiled.ts";
import type { RunView, StepView, TextView } from "./effect.ts";
import { own } from "./own.ts";
import { expressionsIn, localeChain, pickText } from "./text.ts";
import type { Asked } from "./truth.ts";
import type { OpenRun } from "./turn.ts";
import type { Firing, Run } from "./user-state.ts";

/** Words of one flow in this person's language, or what keeps them from being said. */
export interface Speaker {
  readonly locale: string;
  say(text: Text): TextView;
  /** Why not all of the flow can be said; `undefined` where it can. */
  missing(): { readonly reason: "locale-missing" | "variable-missing"; readonly detail: string } | undefined;
}

export function speaker(asked: Asked, flow: CompiledFlow, event: Firing["event"]): Speaker {
  const { compiled, state } = asked;
  const fallback = compiled.settings.locale;
  const wanted = state.local.locale ?? fallback;
  const offered = flow.locales?.map((tag) => tag.toLowerCase());
  const chain = localeChain(wanted, fallback).filter((tag) => offered?.includes(tag) ?? true);
  const found = flow.texts.map((text) => pickText(text, chain));
  const locale = found.find((one) => one?.locale)?.locale ?? chain[0] ?? fallback;
  const format = (expression: string) => compiled.course?.format({ expression, event, locale }, asked);
  return {
    locale,
    say(text) {
      const source = pickText(text, chain)?.source ?? "";
      const values = expressionsIn(source).map((one) => [one, format(one) ?? ""]);
      return { source, values: Object.fromEntries(values) };
    },
    missing() {
      if (!chain.length || found.includes(undefined)) return { reason: "locale-missing", detail: wanted };
      const gap = found
        .flatMap((one) => expressionsIn(one?.source ?? ""))
        .find((one) => format(one) === undefined);
      return gap === undefined ? gap : { reason: "variable-missing", detail: gap.trim() };
    },
  };
}

/** The steps of the arm this run is in. */
export const stepsOf = (flow: CompiledFlow, variant: string | undefined): readonly Step[] =>
  flow.variants?.find(({ id }) => id === variant)?.steps ?? flow.steps;

/** Under which key a step's target is looked for; `null` where it has none. */
export const keyOf = (step: Step | undefined): TargetKey | null =>
  step?.target ? targetKey(step.target) : null;

export const currentStep = ({ flow, run }: { flow: CompiledFlow; run: Run }): Step | undefined =>
  stepsOf(flow, run.variant).find(({ id }) => id === run.step);

/** All that the UI needs to draw the run as it stands. */
export function runView(asked: Asked, { id, open, run, flow }: OpenRun): RunView {
  const { say, locale } = speaker(asked, flow, open.event);
  const step = currentStep({ flow, run });
  return {
    run: id,
    flow: flow.id,
    kind: flow.kind,
    locale,
    theme: over(asked.compiled.settings.theme, flow.theme),
    ...said(flow, say),
    step: step ? stepView(step, stepsOf(flow, run.variant), open.center, say) : null,
    items: flow.items.length ? (asked.compiled.course?.itemViews(asked, flow, say) ?? null) : null,
  };
}

/** A theme laid over another, field by field. */
function over(below: Theme | null | undefined, above: Theme | null | undefined): Theme {
  const both: { [token: string]: unknown } = { ...below };
  for (const [token, value] of Object.entries(above ?? {})) {
    const under = own(both, token);
    both[token] = typeof value === "object" ? { ...(under as object), ...value } : value;
  }
  return both;
}

/** Title and body, as far as they are written. */
export const said = (
  { title, body }: { readonly title?: Text; readonly body?: Text },
  say: Speaker["say"],
) => ({
  ...(title !== undefined && { title: say(title) }),
  ...(body !== undefined && { body: say(body) }),
});

function stepView(step: Step, steps: readonly Step[], center: boolean, say: Speaker["say"]): StepView {
  const { id, media, target, placement = "auto", actions = [] } = step;
  return {
    id,
    index: steps.indexOf(step),
    count: steps.length,
    target: target && !center ? { key: targetKey(target), target } : null,
    placement,
    ...said(step, say),
    ...(media && { media: { ...media, alt: say(media.alt) } }),
    actions: actions.map(({ id: action, label, style, do: deeds }, i) => {
      const [only, ...others] = [deeds].flat();
      return {
        id: action,
        label: say(label),
        style: style ?? (i ? "secondary" : "primary"),
        ...(typeof only === "object" && "link" in only && !others.length && { href: only.link }),
      };
    }),
  };
}
