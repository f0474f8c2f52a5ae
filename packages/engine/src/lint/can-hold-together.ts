import { assertNever } from "@cairn/flow-schema";
import { attributeCanHold } from "./attribute-values.ts";
import type { SearchOptions } from "./can-be-true.ts";
import type {
  AttributeClaim,
  Claim,
  ElementClaim,
  HistoryClaim,
  LocaleClaim,
  MomentClaim,
  PageClaim,
  ThrowsClaim,
  TimeClaim,
} from "./claim.ts";
import type { Literal } from "./formula.ts";
import { historyCanHold } from "./history-facts.ts";
import { pagesCanHold } from "./page-facts.ts";
import { timesCanHold } from "./time-facts.ts";

/** Whether claims of one group can all be as assumed: `false` only where that is proven. */
export function canHoldTogether(literals: readonly Literal[], options: SearchOptions): boolean {
  const { type } = literals[0]?.claim ?? { type: "free" };
  switch (type) {
    case "attribute":
    case "throws":
      return attributeCanHold(of<AttributeClaim | ThrowsClaim>(literals), options.singleValues ?? false);
    case "count":
    case "sequence":
    case "inactive":
    case "state":
      return historyCanHold(of<HistoryClaim>(literals));
    case "page":
      return pagesCanHold(of<PageClaim>(literals));
    case "time":
      return timesCanHold(of<TimeClaim>(literals));
    case "locale":
      return localesCanHold(of<LocaleClaim>(literals));
    case "element":
      return elementCanBe(of<ElementClaim>(literals));
    case "moment":
      return momentCanBe(of<MomentClaim>(literals));
    case "seen":
    case "free":
      // One claim each; it may be true or false.
      return true;
    default:
      return assertNever(type);
  }
}

/** A group holds claims of one kind. */
const of = <C extends Claim>(literals: readonly Literal[]) => literals as readonly Literal<C>[];

/**
 * A locale fits a set of tags that all begin it, so the longest of them says it all: asking each tag, and one that no
 * tag begins, is asking every locale.
 */
function localesCanHold(literals: readonly Literal<LocaleClaim>[]): boolean {
  const tags = literals.flatMap(({ claim }) => claim.tags.map((tag) => tag.toLowerCase()));
  const fits = (locale: string, claim: LocaleClaim) =>
    claim.tags.some((tag) => `${locale}-`.startsWith(`${tag.toLowerCase()}-`));
  return [...tags, "\u0000"].some((locale) =>
    literals.every(({ claim, holds }) => fits(locale, claim) === holds),
  );
}

const SIDES = [true, false];

/** What the engine knows of an element is three facts; eight cases are all there are. */
function elementCanBe(literals: readonly Literal<ElementClaim>[]): boolean {
  const cases = SIDES.flatMap((present) =>
    SIDES.flatMap((visible) => SIDES.map((enabled) => ({ present, visible, enabled }))),
  );
  return cases.some(({ present, visible, enabled }) =>
    literals.every(({ claim, holds }) => {
      const states = {
        present,
        visible,
        hidden: !visible,
        enabled: present && enabled,
        disabled: present && !enabled,
      };
      return states[claim.is] === holds;
    }),
  );
}

/** One input at a time: a click is no hover, and no event. */
function momentCanBe(literals: readonly Literal<MomentClaim>[]): boolean {
  const kinds = new Set(literals.filter(({ holds }) => holds).map(({ claim }) => claim.kind));
  return kinds.size <= 1;
}
