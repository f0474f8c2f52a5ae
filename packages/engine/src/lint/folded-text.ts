import type { Json } from "@cairn/flow-schema";
import type { AttributeClaim } from "./claim.ts";
import type { Literal } from "./formula.ts";

type Test = Literal<AttributeClaim>;
interface Part {
  readonly operator: string;
  readonly text: string;
  readonly holds: boolean;
}

const fold = (one: Json) => (typeof one === "string" ? one.toLowerCase() : one);

/** Whether a text, case ignored, can be in the lists and have the parts that the tests want, and not the others. */
export function foldsCanHold(tests: readonly Test[]): boolean {
  const parts: Part[] = [];
  const lists: { readonly texts: readonly Json[]; readonly holds: boolean }[] = [];
  for (const { claim, holds } of tests)
    if (claim.operator === "$ini")
      lists.push({ texts: ([claim.expected].flat() as Json[]).map(fold), holds });
    else parts.push({ operator: claim.operator, text: `${fold(claim.expected)}`, holds });
  const [first, ...more] = lists.filter(({ holds }) => holds);
  if (!first) return !parts.some((part) => parts.some((other) => contradict(part, other)));
  return first.texts.some(
    (text) =>
      typeof text === "string" &&
      more.every(({ texts }) => texts.includes(text)) &&
      !lists.some(({ texts, holds }) => !holds && texts.includes(text)) &&
      parts.every((part) => hasPart(text, part.operator, part.text) === part.holds),
  );
}

function hasPart(text: string, operator: string, part: string): boolean {
  if (operator === "$startsWith") return text.startsWith(part);
  return operator === "$endsWith" ? text.endsWith(part) : text.includes(part);
}

function contradict(a: Part, b: Part): boolean {
  if (!a.holds) return a.text === "";
  if (b.holds)
    // Two beginnings, or two ends, of one text: the shorter is part of the longer.
    return (
      a.operator === b.operator &&
      a.operator !== "$contains" &&
      !hasPart(a.text, a.operator, b.text) &&
      !hasPart(b.text, a.operator, a.text)
    );
  return (
    (b.operator === "$contains" || (b.operator === a.operator && a.operator !== "$contains")) &&
    hasPart(a.text, b.operator, b.text)
  );
}
