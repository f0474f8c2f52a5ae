import {
  compile,
  createState,
  type Effect,
  type HostCall,
  type Input,
  type RunView,
  transition,
} from "@cairn/engine";
import { assertNever, type Config, type Flow, type JsonObject } from "@cairn/flow-schema";

/** Where a preview draws; the SDK's UI fits. */
export interface Stage {
  show(view: RunView): void;
  update(view: RunView): void;
  hide(run: string): void;
  /** A deed outside the hint. */
  host(call: HostCall): void;
}

/** One flow, played by the real engine for somebody invented. */
export interface PreviewRun {
  dispatch(input: Input): void;
}

/** One input may lead to others (a target is found, a start shows a step); more than this is a circle. */
const MOST_INPUTS = 100;

/**
 * Starts the flow's first step by force, as `start(id, {force: true})` does in a product. Every target is there.
 * Nothing is recorded and nothing leaves the page.
 *
 * @param now the clock, epoch milliseconds
 */
export function createPreviewRun(
  config: Config,
  flow: Flow,
  person: { readonly user: JsonObject; readonly account: JsonObject; readonly locale: string },
  stage: Stage,
  now: () => number,
): PreviewRun {
  const compiled = compile(config);
  const state = createState({ device: "preview", anonymousId: "preview", now: now() });
  const located = new Set<string>();
  const inbox: Input[] = [];
  let turning = false;

  function dispatch(input: Input): void {
    inbox.push(input);
    if (turning) return;
    turning = true;
    for (let left = MOST_INPUTS; left > 0; left--) {
      const next = inbox.shift();
      if (next === undefined) break;
      const env = { now: now(), timezone: "UTC", device: { width: 1280, height: 800, touch: false } };
      const { effects } = transition(compiled, state, next, env);
      inbox.unshift(...effects.flatMap(perform));
    }
    inbox.length = 0;
    turning = false;
  }
  function perform(effect: Effect): readonly Input[] {
    switch (effect.type) {
      case "show":
        stage.show(effect.view);
        return [];
      case "update":
        stage.update(effect.view);
        return [];
      case "hide":
        stage.hide(effect.run);
        return [];
      case "locate": {
        const fresh = effect.targets.filter(({ key }) => !located.has(key));
        for (const { key } of fresh) located.add(key);
        return fresh.map(({ key }) => ({ type: "located", target: key, found: true, rank: 0 }) as const);
      }
      // A preview sends nothing, goes nowhere and waits for nothing.
      case "load":
      case "wake":
      case "record":
      case "navigate":
        return [];
      case "host":
        stage.host(effect.call);
        return [];
      default:
        return assertNever(effect);
    }
  }
  dispatch({ type: "config" });
  dispatch({ type: "locale", locale: person.locale });
  dispatch({ type: "identify", userId: "preview", traits: person.user });
  dispatch({ type: "group", accountId: "preview", traits: person.account });
  dispatch({ type: "start", flow: flow.id, force: true });
  return { dispatch };
}
