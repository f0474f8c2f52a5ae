import type { Text } from "@cairn/flow-schema";
import type { CompiledFlow, CompiledStep } from "./compile.ts";
import type { ActionView, ItemView, RunView, StepView, TextView } from "./effect.ts";
import { own } from "./own.ts";
import { expressionsIn, formatExpression, localeChain, pickText } from "./text.ts";
import { truth } from "./truth.ts";
import type { OpenRun, Turn } from "./turn.ts";
import type { Firing, Run } from "./user-state.ts";

/** Words of one flow in this person's language, or what keeps them from being said. */
export interface Speaker {
  readonly locale: string;
  say(text: Text): TextView;
  /** `undefined` where all can be said. */
  missing(
    texts: readonly Text[],
  ): { readonly reason: "locale-missing" | "variable-missing"; readonly detail: string } | undefined;
}

export function speaker(
  turn: Pick<Turn, "compiled" | "state" | "env">,
  flow: CompiledFlow,
  event: Firing["event"],
): Speaker {
  const { compiled, state, env } = turn;
  const chain = localeChain(state.local.locale ?? compiled.settings.locale, compiled.settings.locale);
  const offered = flow.flow.locales;
  const usable = offered
    ? chain.filter((tag) => offered.some((one) => one.toLowerCase() === tag.toLowerCase()))
    : chain;
  const locale =
    flow.texts.reduce<string | undefined>(
      (found, text) => found ?? pickText(text, usable)?.locale,
      undefined,
    ) ??
    usable[0] ??
    compiled.settings.locale;
  const { user, account } = state.person;
  const format = (expression: string) =>
    formatExpression(expression, { user, account, event: event ?? {} }, locale, env.timezone);
  return {
    locale,
    say(text) {
      const source = pickText(text, usable)?.source ?? "";
      return {
        source,
        values: Object.fromEntries(expressionsIn(source).map((one) => [one, format(one) ?? ""])),
      };
    },
    missing(texts) {
      if (usable.length === 0) return { reason: "locale-missing", detail: chain[0] ?? "" };
      for (const text of texts) {
        const found = pickText(text, usable);
        if (!found) return { reason: "locale-missing", detail: chain[0] ?? "" };
        const unknown = expressionsIn(found.source).find((one) => format(one) === undefined);
        if (unknown !== undefined) return { reason: "variable-missing", detail: unknown.trim() };
      }
      return undefined;
    },
  };
}

/** The steps of the arm this run is in. */
export const stepsOf = (flow: CompiledFlow, variant: string | undefined): readonly CompiledStep[] =>
  flow.variants.find(({ id }) => id === variant)?.steps ?? flow.steps;

export const currentStep = ({ flow, run }: { flow: CompiledFlow; run: Run }): CompiledStep | undefined =>
  stepsOf(flow, run.variant).find(({ step }) => step.id === run.step);

/** The step's buttons; a step without any way on gets none here: the UI always offers ×. */
function actionViews(step: CompiledStep["step"], say: Speaker["say"]): readonly ActionView[] {
  return (step.actions ?? []).map(({ id, label, style, do: deeds }, i) => {
    const only = Array.isArray(deeds) ? (deeds.length === 1 ? deeds[0] : undefined) : deeds;
    return {
      id,
      label: say(label),
      style: style ?? (i === 0 ? "primary" : "secondary"),
      ...(typeof only === "object" && "link" in only && { href: only.link }),
    };
  });
}

/** All that the UI needs to draw the run as it stands. */
export function runView(turn: Turn, { open, run, flow }: OpenRun): RunView {
  const { say, locale } = speaker(turn, flow, open.event);
  const found = currentStep({ flow, run });
  const definition = flow.flow;
  return {
    run: open.run,
    flow: flow.id,
    kind: definition.kind,
    locale,
    theme: { ...turn.compiled.settings.theme, ...definition.theme },
    ...(definition.title !== undefined && { title: say(definition.title) }),
    step: found ? stepView(found, stepsOf(flow, run.variant).length, open.center, say) : null,
    items: definition.kind === "checklist" ? itemViews(turn, flow, say) : null,
  };
}

function stepView(
  { step, index, key }: CompiledStep,
  count: number,
  center: boolean,
  say: Speaker["say"],
): StepView {
  const { id, title, body, media, target, placement = "auto" } = step;
  return {
    id,
    index,
    count,
    target: target && key !== null && !center ? { key, target } : null,
    placement,
    ...(title !== undefined && { title: say(title) }),
    ...(body !== undefined && { body: say(body) }),
    ...(media && { media: { ...media, alt: say(media.alt) } }),
    actions: actionViews(step, say),
  };
}

function itemViews(turn: Turn, flow: CompiledFlow, say: Speaker["say"]): readonly ItemView[] {
  const done = own(turn.state.shared.items, flow.id) ?? {};
  const written = flow.flow.kind === "checklist" ? flow.flow.items : [];
  return written.map(({ id, title, body, optional = false, do: deeds }, i) => {
    const lock = flow.items[i]?.lockedUntil;
    const locked = lock ? truth(lock, turn) !== true : false;
    return {
      id,
      title: say(title),
      ...(body !== undefined && { body: say(body) }),
      done: own(done, id) !== undefined,
      locked,
      optional,
      actionable: deeds !== undefined && !locked,
    };
  });
}
