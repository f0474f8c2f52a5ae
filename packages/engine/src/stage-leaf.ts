import { matchesRule } from "./attribute.ts";
import type { Leaf, Truth } from "./condition.ts";
import { featureState } from "./feature-state.ts";
import { countTimes, timesOf } from "./history.ts";
import { lastOf } from "./merge-times.ts";
import { type Asked, booksOf, truth } from "./truth.ts";

/** The leaves that few triggers have. */
export function stageLeafTruth(node: Leaf, asked: Asked): Truth {
  const { state, now, compiled, env } = asked;
  const { local, shared } = state;
  const { leaf, key, ms, op } = node;
  switch (op) {
    case "inactive": {
      const books = booksOf(asked, leaf.by);
      if (!books) return null;
      const times = timesOf(books, key);
      const last = lastOf(times);
      if (last >= 0) return now - last >= ms;
      return countTimes(times, -1).exact && !Object.keys(shared.lost).length ? false : null;
    }
    case "feature": {
      const feature = compiled.features.get(`${leaf.feature}`);
      if (!feature) return null;
      // Who may not use a feature is in none of its states.
      const available = feature.availableTo ? truth(feature.availableTo, asked) : true;
      if (!available) return available;
      const books = booksOf(asked, leaf.by ?? feature.level);
      if (!books) return null;
      const found = featureState(timesOf(books, key), feature.rule, now);
      if (found.exact) return found.state === leaf.is;
      // Uses from before counting began could have led further, never back to untried.
      return found.state === "tried" && leaf.is === "untried" ? false : null;
    }
    case "device":
      return matchesRule(env.device, leaf.device, now);
    case "locale": {
      const locale = (local.locale ?? compiled.settings.locale).toLowerCase();
      return (leaf.locale as string[]).some((tag) => `${locale}-`.startsWith(`${tag.toLowerCase()}-`));
    }
    default:
      if (compiled.course) return compiled.course.leaf(node, asked);
      // Who has seen nothing is in a known state with every flow.
      return op === "flow" && !Object.keys(shared.seen).length ? leaf.is === "unseen" : null;
  }
}
