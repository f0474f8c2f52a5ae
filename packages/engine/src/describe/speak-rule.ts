import type { AttributeRule, Json } from "@cairn/flow-schema";
import { type Clause, group, plain } from "./clause.ts";
import type { Language, Owner, Subject } from "./language.ts";

type Raw = { readonly [key: string]: Json };

/** "report.viewed", "trialEndsAt", "first-export" as words. */
export const humanise = (id: string): string =>
  id
    .replace(/([a-z\d])([A-Z])/g, "$1 $2")
    .replace(/[._-]+/g, " ")
    .trim()
    .toLowerCase();

/** An attribute rule in words; `no`: that it does not hold. */
export function speakRule(words: Language, owner: Owner, rule: AttributeRule, no: boolean): Clause {
  const parts = Object.entries(rule).map(([key, value]): Clause => {
    if (key === "$and" || key === "$or" || key === "$nor") {
      const negative = no !== (key === "$nor");
      const each = (value as Raw[]).map((one) => speakRule(words, owner, one, negative));
      return group(words, (key === "$and") !== negative ? "and" : "or", each);
    }
    if (key === "$not") return speakRule(words, owner, value as Raw, !no);
    // "trialEndsAt" is "trial ends" to people, and "isAdmin" is "admin".
    const path = humanise(key).replace(/ at$/, "").replace(/^is /, "");
    return speakTest(words, { owner, path }, value, no);
  });
  return group(words, no ? "or" : "and", parts);
}

/** What stands at one attribute: a value to equal, or operators. */
function speakTest(words: Language, subject: Subject, test: Json, no: boolean): Clause {
  if (!isOperators(test)) return plain(words.attribute(subject, "$eq", test, no));
  const parts = Object.entries(test).map(([operator, expected]): Clause => {
    const entry = (clause: Clause) => plain(words.entry(subject, clause.text, no));
    switch (operator) {
      case "$not":
        return speakTest(words, subject, expected, !no);
      case "$size":
        return speakTest(words, { ...subject, counted: true }, expected, no);
      case "$elemMatch":
        return entry(isOperators(expected) ? speakTest(words, ENTRY, expected, false) : ofFields(expected));
      case "$all":
        if (!Array.isArray(expected) || !expected.some(isOperators)) break;
        return group(
          words,
          no ? "or" : "and",
          (expected as Json[]).map((one) => entry(speakTest(words, ENTRY, one, false))),
        );
    }
    return plain(words.attribute(subject, operator, expected, no));
  });
  return group(words, no ? "or" : "and", parts);

  function ofFields(rule: Json): Clause {
    return speakRule(words, "entry", rule as Raw, false);
  }
}

/** One entry of a list, by itself. */
const ENTRY: Subject = { owner: "entry", path: "" };

const GROUPS = ["$and", "$or", "$nor"];

const isOperators = (value: Json): value is Raw => {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
  const keys = Object.keys(value);
  return keys.length > 0 && keys.every((key) => key.startsWith("$") && !GROUPS.includes(key));
};
