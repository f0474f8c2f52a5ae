import type { Text } from "@cairn/flow-schema";
import type { CompiledFlow, CompiledStep } from "./compiled.ts";
import type { RunView, StepView, TextView } from "./effect.ts";
import { own } from "./own.ts";
import { expressionsIn, formatExpression, localeChain, pickText } from "./text.ts";
import { type Asked, holds } from "./truth.ts";
import type { OpenRun } from "./turn.ts";
import type { Firing, Run } from "./user-state.ts";

/** Words of one flow in this person's language, or what keeps them from being said. */
export interface Speaker {
  readonly locale: string;
  say(text: Text): TextView;
  /** Why not all of the flow can be said; `undefined` where it can. */
  missing(): { readonly reason: "locale-missing" | "variable-missing"; readonly detail: string } | undefined;
}

export function speaker(
  { compiled, state, env }: Asked,
  flow: CompiledFlow,
  event: Firing["event"],
): Speaker {
  const fallback = compiled.settings.locale;
  const wanted = state.local.locale ?? fallback;
  const offered = flow.locales?.map((tag) => tag.toLowerCase());
  const chain = localeChain(wanted, fallback).filter((tag) => offered?.includes(tag) ?? true);
  const found = flow.texts.map((text) => pickText(text, chain));
  const locale = found.find((one) => one?.locale)?.locale ?? chain[0] ?? fallback;
  const { user, account } = state.person;
  const format = (expression: string) =>
    formatExpression(expression, { user, account, event: event ?? {} }, locale, env.timezone);
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
export const stepsOf = (flow: CompiledFlow, variant: string | undefined): readonly CompiledStep[] =>
  flow.variants.find(({ id }) => id === variant)?.steps ?? flow.steps;

export const currentStep = ({ flow, run }: { flow: CompiledFlow; run: Run }): CompiledStep | undefined =>
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
    theme: { ...asked.compiled.settings.theme, ...flow.theme },
    ...said(flow, say),
    step: step ? stepView(step, stepsOf(flow, run.variant).length, open.center, say) : null,
    items: flow.kind === "checklist" ? itemViews(asked, flow, say) : null,
  };
}

/** Title and body, as far as they are written. */
const said = ({ title, body }: { readonly title?: Text; readonly body?: Text }, say: Speaker["say"]) => ({
  ...(title !== undefined && { title: say(title) }),
  ...(body !== undefined && { body: say(body) }),
});

function stepView(step: CompiledStep, count: number, center: boolean, say: Speaker["say"]): StepView {
  const { id, index, key, media, target, placement = "auto", actions } = step;
  return {
    id,
    index,
    count,
    target: target && key !== null && !center ? { key, target } : null,
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

function itemViews(asked: Asked, flow: CompiledFlow, say: Speaker["say"]): NonNullable<RunView["items"]> {
  const done = own(asked.state.shared.items, flow.id) ?? {};
  return flow.items.map((item) => {
    const { id, title, optional = false } = item;
    const locked = !holds(item.lockedUntil, asked);
    return {
      id,
      title: say(title),
      ...said(item, say),
      done: own(done, id) !== undefined,
      locked,
      optional,
      actionable: !locked && item.do !== undefined,
    };
  });
}
