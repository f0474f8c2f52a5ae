import type { AttributeRule, Json } from "@cairn/flow-schema";
import { coerces } from "./attribute-values.ts";
import type { AttributeOwner } from "./claim.ts";
import { and, atom, type Formula, not, or } from "./formula.ts";

type Dict = { readonly [key: string]: Json };

const isDict = (value: Json | undefined): value is Dict =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Operators that are the opposite of another one. */
const OPPOSITES: { readonly [operator: string]: string } = {
  $ne: "$eq",
  $nin: "$in",
  $nini: "$ini",
  $vne: "$veq",
};

const groupOf = (of: AttributeOwner, path: string) => `attribute:${of}:${path}`;

/** What an attribute rule says, as the engine's `matchesRule` answers it; `name` tells this rule from others. */
export function attributeFormula(of: AttributeOwner, rule: AttributeRule, name: string): Formula {
  const throwing = (path: string) => atom(groupOf(of, path), { type: "throws", of, path });
  const asked = coercingPaths(rule, true);
  const perhaps = coercingPaths(rule, false);
  return and(
    ruleFormula(of, rule),
    // A rule that meets a value it cannot compare answers false as a whole …
    not(or(...asked.map(throwing))),
    // … if it comes to that value: inside `$or` an earlier test may have decided.
    not(and(atom(`free:${name}`, { type: "free", name }), or(...perhaps.map(throwing)))),
  );
}

function ruleFormula(of: AttributeOwner, rule: Dict): Formula {
  return and(
    ...Object.entries(rule).map(([key, value]): Formula => {
      const each = () => ((Array.isArray(value) ? value : []) as Dict[]).map((one) => ruleFormula(of, one));
      if (key === "$and") return and(...each());
      if (key === "$or") return each().length === 0 || or(...each());
      if (key === "$nor") return each().length > 0 && not(or(...each()));
      if (key === "$not") return not(ruleFormula(of, value as Dict));
      return testFormula(of, key, value);
    }),
  );
}

/** What stands at one attribute: a value to equal, or operators. */
function testFormula(of: AttributeOwner, path: string, test: Json): Formula {
  const claim = (operator: string, expected: Json) =>
    atom(groupOf(of, path), { type: "attribute", of, path, operator, expected });
  if (!isDict(test) || !isOperators(test)) return claim("", test);
  return and(
    ...Object.entries(test).map(([operator, expected]): Formula => {
      if (operator === "$not") return not(testFormula(of, path, expected));
      if (operator === "$exists") return expected ? claim(operator, true) : not(claim(operator, true));
      if (["$in", "$nin", "$ini", "$nini", "$all"].includes(operator) && !Array.isArray(expected))
        return false;
      const opposite = OPPOSITES[operator];
      return opposite === undefined ? claim(operator, expected) : not(claim(opposite, expected));
    }),
  );
}

const isOperators = (value: Dict): boolean => {
  const keys = Object.keys(value);
  return keys.length > 0 && keys.every((key) => key.startsWith("$"));
};

/** Attributes that a rule turns into text or numbers: those it must come to where it fits (`surely`), or the others. */
function coercingPaths(rule: Dict, surely: boolean, inSurely = true): readonly string[] {
  const paths = Object.entries(rule).flatMap(([key, value]): readonly string[] => {
    if (!key.startsWith("$")) return inSurely === surely && testCoerces(value) ? [key] : [];
    const rules = ([value].flat() as Json[]).filter(isDict);
    return rules.flatMap((one) => coercingPaths(one, surely, inSurely && key === "$and"));
  });
  return [...new Set(paths)];
}

function testCoerces(test: Json): boolean {
  if (!isDict(test) || !isOperators(test)) return coerces({ operator: "", expected: test });
  return Object.entries(test).some(([operator, expected]) =>
    operator === "$not" ? testCoerces(expected) : coerces({ operator, expected }),
  );
}
