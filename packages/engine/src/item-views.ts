import type { CompiledFlow } from "./compiled.ts";
import type { ItemView } from "./effect.ts";
import { own } from "./own.ts";
import { type Asked, holds } from "./truth.ts";
import { type Speaker, said } from "./view.ts";

/** A checklist's lines as they stand. */
export function itemViews(asked: Asked, flow: CompiledFlow, say: Speaker["say"]): readonly ItemView[] {
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
