import type { AttributeRule, Condition, Json } from "@cairn/flow-schema";
import { pointer } from "@cairn/flow-schema";
import { brief, type LintContext } from "./context.ts";
import { and, type Formula } from "./formula.ts";
import { isStartedByButton } from "./links.ts";
import { allPlaces, type Place, type Role } from "./places.ts";

const WHAT: { readonly [role in Role]: string } = {
  audience: "nobody is ever in the audience",
  trigger: "the trigger never fires",
  goal: "the goal can never be reached",
  showWhen: "the step is never shown",
  advanceWhen: "the step never goes on by itself",
  route: "this way is never taken",
  done: "the item can never be ticked",
  lockedUntil: "the item stays locked for ever",
  availableTo: "nobody may use the feature",
  where: "nobody is in the segment",
  quiet: "the rule leaves nobody alone",
  exclude: "nobody is excluded",
};

type Verdict = "never" | "always" | undefined;

/** Conditions that nothing can make true, and groups that nothing can make false: codes `never-true`, `always-true`. */
export function lintConditions(context: LintContext): void {
  for (const place of allPlaces(context)) lintCondition(context, place);
}

function lintCondition(context: LintContext, place: Place): void {
  const { subject, role, since } = place;
  const say = (condition: Condition) => context.formulaOf(condition, since);
  const whole = say(place.condition);
  const dead = context.isNever(whole);

  const never = (path: string, what: string, fix: string): Verdict => {
    const message = dead ? `${what}: ${WHAT[role]}` : `${what}: this part has no say`;
    // A flow that a button starts needs no trigger.
    const started =
      role === "trigger" && subject.flow !== undefined && isStartedByButton(context, subject.flow);
    context.report(
      "never-true",
      subject,
      path,
      message,
      fix,
      dead ? (started ? "info" : "error") : "warning",
    );
    return "never";
  };
  const always = (path: string, what: string, fix: string): Verdict => {
    context.report("always-true", subject, path, what, fix);
    return "always";
  };

  /** Looks at the parts first, so that what is said points at the smallest part that is wrong. */
  function visit(condition: Condition, path: string): Verdict {
    if ("not" in condition) {
      const verdict = visit(condition.not, `${path}/not`);
      return verdict === "never" ? "always" : verdict === "always" ? "never" : undefined;
    }
    if (!("all" in condition || "any" in condition)) return visitLeaf(condition, path);
    const op = "all" in condition ? "all" : "any";
    const parts = "all" in condition ? condition.all : condition.any;
    const [decisive, idle]: Verdict[] = op === "all" ? ["never", "always"] : ["always", "never"];
    const verdicts = parts.map((part, i) => visit(part, `${path}/${op}/${i}`));
    if (verdicts.includes(decisive)) return decisive;
    if (verdicts.every((verdict) => verdict === idle)) return idle;
    const formula = say(condition);
    if (op === "all" && context.isNever(formula)) {
      const pair = pairThat(parts, (a, b) => context.isNever(and(say(a), say(b))));
      const at = pair ? `${path}/all/${pair[1]}` : path;
      const clash = pair && `${brief(parts[pair[0]])} and ${brief(parts[pair[1]])}`;
      return never(
        at,
        clash ? `${clash} are never true together` : "the conditions of this group are never true together",
        'take one of them out, or put them into "any" if one is enough',
      );
    }
    if (op === "any" && context.isAlways(formula))
      return always(
        path,
        "one of these conditions always holds, so the group is always true",
        "leave the group out, or narrow one of its conditions",
      );
    return undefined;
  }

  function visitLeaf(leaf: Condition, path: string): Verdict {
    const formula = say(leaf);
    if (context.isNever(formula)) {
      const { at, what, fix } = whyNever(context, leaf, path, say);
      return never(at, what, fix);
    }
    if (context.isAlways(formula))
      return always(
        path,
        `${brief(leaf)} is always true`,
        "leave it out, or ask something that can be false",
      );
    if (context.isNeverForSingleValues(formula))
      context.report(
        "only-lists-fit",
        subject,
        path,
        `${brief(leaf)} fits only people whose attribute is a list or an object`,
        "if the attribute is a single value, nobody fits: take one of the tests out",
      );
    return undefined;
  }

  const verdict = visit(place.condition, place.path);
  // The parts may each be possible with lists only in combination.
  if (verdict === undefined && !dead && context.isNeverForSingleValues(whole) && "all" in place.condition) {
    const parts = place.condition.all;
    const pair = pairThat(parts, (a, b) => context.isNeverForSingleValues(and(say(a), say(b))));
    if (pair && pair[0] !== pair[1])
      context.report(
        "only-lists-fit",
        subject,
        `${place.path}/all/${pair[1]}`,
        `${brief(parts[pair[0]])} and ${brief(parts[pair[1]])} fit together only if the attribute is a list`,
        "if the attribute is a single value, nobody fits: take one of them out",
      );
  }
}

function pairThat(
  parts: readonly Condition[],
  clash: (a: Condition, b: Condition) => boolean,
): readonly [number, number] | undefined {
  for (const [j, b] of parts.entries())
    for (const [i, a] of parts.slice(0, j).entries()) if (clash(a, b)) return [i, j];
  return undefined;
}

/** Where in a leaf that can never be true the fault lies, in words. */
function whyNever(
  context: LintContext,
  leaf: Condition,
  path: string,
  say: (condition: Condition) => Formula,
): { readonly at: string; readonly what: string; readonly fix: string } {
  for (const owner of ["user", "account", "device"] as const) {
    const rule = (leaf as { readonly [owner: string]: AttributeRule | undefined })[owner];
    if (!rule || typeof rule !== "object") continue;
    for (const [key, test] of Object.entries(rule)) {
      if (!context.isNever(say({ [owner]: { [key]: test } } as unknown as Condition))) continue;
      const at = pointer(`${path}/${owner}`, key);
      if (key.startsWith("$"))
        return { at, what: `no ${owner} fits ${brief({ [key]: test })}`, fix: "take one of the tests out" };
      const empty = emptyList(test);
      if (empty)
        return {
          at: `${at}/${empty}`,
          what: `the list of ${empty} is empty, so no value of ${owner}.${key} fits`,
          fix: "write the values that may be, or take the test out",
        };
      return {
        at,
        what: `no value of ${owner}.${key} fits ${brief(test)}`,
        fix: "take one of the tests out, or widen it",
      };
    }
    return {
      at: path,
      what: `the tests of ${brief(leaf)} are never true together`,
      fix: "take one of them out",
    };
  }
  if ("sequence" in leaf)
    return {
      at: `${path}/without`,
      what: `${brief(leaf.without)} both belongs to the sequence and discards it`,
      fix: 'name another event in "without"',
    };
  if ("time" in leaf)
    return {
      at: path,
      what: `no moment lies in ${brief(leaf.time)}`,
      fix: 'write hours that differ, such as ["09:00", "18:00"]',
    };
  if ("segment" in leaf)
    return { at: path, what: `nobody is in the segment "${leaf.segment}"`, fix: "mend the segment" };
  if ("feature" in leaf && context.features.get(leaf.feature)?.lapsed === undefined && leaf.is === "lapsed")
    return {
      at: path,
      what: `the feature "${leaf.feature}" has no "lapsed" rule, so it never lapses`,
      fix: 'add "lapsed" to the feature, or ask {"inactive": …}',
    };
  if ("event" in leaf)
    return { at: path, what: `no event "${leaf.event}" fits its "where"`, fix: "widen the where rule" };
  return { at: path, what: `${brief(leaf)} can never be true`, fix: "change it, or take it out" };
}

function emptyList(test: Json): string | undefined {
  if (typeof test !== "object" || test === null || Array.isArray(test)) return undefined;
  return Object.entries(test).find(
    ([operator, list]) => ["$in", "$ini"].includes(operator) && Array.isArray(list) && list.length === 0,
  )?.[0];
}
