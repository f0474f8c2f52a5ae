import type { Effect, RunView } from "../effect.ts";
import type { Act, Person } from "./person.ts";
import { type Respond, replyTo } from "./respond.ts";

const SEEN_AFTER = 1_000;
const ANSWERED_AFTER = 5_000;

/** Keeps in mind what is on a person's screen, and what they will do with it. */
export function watchScreen(person: Person, effects: readonly Effect[], now: number, respond: Respond): void {
  for (const effect of effects) {
    if (effect.type === "show") show(person, effect.view, now, respond);
    else if (effect.type === "hide") hide(person, effect.run, effect.reason === "waiting");
    else if (effect.type === "locate") person.watched = new Set(effect.targets.map(({ key }) => key));
  }
}

function show(person: Person, view: RunView, now: number, respond: Respond): void {
  const { run, flow, items } = view;
  const step = view.step?.id ?? null;
  const known = person.screen.get(run);
  const reply = known?.reply ?? replyTo(respond, run);
  if (!known && reply === "ignore") person.lingering++;
  person.screen.set(run, { flow, reply, step });
  const plan = (what: Act["do"], after: number) => person.acts.push({ at: now + after, do: what, run, step });
  // What was begun at the step before has come to nothing.
  person.acts = person.acts.filter((act) => act.run !== run || act.do === "close" || act.do === "complete");
  plan("expose", SEEN_AFTER);
  if (reply === "dismiss" && !known) plan("close", ANSWERED_AFTER);
  else if (reply === "complete") {
    if (step !== null) plan("next", ANSWERED_AFTER);
    else if (!known) plan("complete", ANSWERED_AFTER * (items?.length ?? 1));
  }
}

function hide(person: Person, run: string, waiting: boolean): void {
  const known = person.screen.get(run);
  if (!known) return;
  if (waiting) {
    known.step = undefined;
    person.acts = person.acts.filter((act) => act.run !== run || act.do === "close");
    return;
  }
  person.screen.delete(run);
  if (known.reply === "ignore") person.lingering--;
  person.acts = person.acts.filter((act) => act.run !== run);
}
