import type { AttributeRule, Condition, Target } from "@cairn/flow-schema";
import { pointer, RECORDED_EVENTS } from "@cairn/flow-schema";
import { compilePattern, matchesPage } from "../url-match.ts";
import { type LintContext, type Subject, stepLists } from "./context.ts";
import { deedsIn } from "./links.ts";
import { nearest } from "./nearest.ts";
import { allPlaces, leavesOf } from "./places.ts";
import { languagesOf, textsIn } from "./texts.ts";

type NameCode = "unknown-event" | "unknown-anchor" | "unknown-attribute";

interface Known {
  /** `undefined`: nothing has arrived yet, so nothing can be said. */
  readonly events: ReadonlySet<string> | undefined;
  readonly anchors: ReadonlySet<string> | undefined;
  readonly user: ReadonlySet<string> | undefined;
  readonly account: ReadonlySet<string> | undefined;
  readonly pages: readonly string[];
}

/**
 * Names that have never come from the product: codes `unknown-event`, `unknown-anchor`, `unknown-attribute`,
 * `unknown-page`. A list of the catalog that is empty says nothing.
 */
export function lintCatalog(context: LintContext): void {
  const { catalog } = context;
  if (!catalog) return;
  const setOf = (names: readonly string[] | undefined) => (names?.length ? new Set(names) : undefined);
  const events = setOf(catalog.events?.map(({ name }) => name));
  // What hints record themselves will come.
  const own = context.flows.flatMap((flow) =>
    deedsIn(flow).flatMap(({ deed }) => (typeof deed === "object" && "track" in deed ? [deed.track] : [])),
  );
  const known: Known = {
    events: events && new Set([...events, ...own, ...RECORDED_EVENTS]),
    anchors: setOf(catalog.anchors?.map(({ name }) => name)),
    user: setOf(catalog.attributes?.user?.map(({ path }) => path)),
    account: setOf(catalog.attributes?.account?.map(({ path }) => path)),
    pages: (catalog.pages ?? []).map(({ path }) => path),
  };
  for (const { condition, path, subject } of allPlaces(context))
    for (const { leaf, path: at } of leavesOf(condition, path)) lintLeaf(context, known, subject, leaf, at);
  for (const flow of context.flows) {
    const subject = { flow: flow.id };
    for (const { path, steps } of stepLists(flow))
      for (const [i, { target }] of steps.entries())
        lintTarget(context, known, subject, target, `${path}/${i}/target`);
    for (const place of textsIn(flow))
      for (const { words, path } of languagesOf(place))
        for (const [, owner, name = ""] of words.matchAll(/\{\{\s*(user|account)\.([^\s|}]+)/g))
          lintAttribute(context, known, subject, owner as "user" | "account", name, path);
  }
  for (const { id, uses } of context.featureList)
    for (const [i, use] of uses.entries())
      lintLeaf(context, known, { feature: id }, use as Condition, `/uses/${i}`);
}

function lintLeaf(context: LintContext, known: Known, subject: Subject, leaf: Condition, at: string): void {
  const event = (name: string, path: string) =>
    lintName(context, "unknown-event", subject, known.events, name, path);
  if ("event" in leaf) event(leaf.event, `${at}/event`);
  if ("sequence" in leaf) {
    for (const [i, name] of leaf.sequence.entries()) event(name, `${at}/sequence/${i}`);
    if (leaf.without !== undefined) event(leaf.without, `${at}/without`);
  }
  if ("inactive" in leaf && "event" in leaf.inactive) event(leaf.inactive.event, `${at}/inactive/event`);
  for (const key of ["element", "click", "hover", "focus", "input", "target"] as const) {
    const target = (leaf as { readonly [key: string]: Target | undefined })[key];
    if (target) lintTarget(context, known, subject, target, `${at}/${key}`);
  }
  for (const owner of ["user", "account"] as const) {
    const rule = (leaf as { readonly [owner: string]: AttributeRule | undefined })[owner];
    if (rule) lintRule(context, known, subject, owner, rule, `${at}/${owner}`);
  }
  if ("page" in leaf && known.pages.length > 0)
    for (const [i, pattern] of [leaf.page].flat().entries())
      lintPage(
        context,
        known.pages,
        subject,
        pattern,
        Array.isArray(leaf.page) ? `${at}/page/${i}` : `${at}/page`,
      );
}

function lintRule(
  context: LintContext,
  known: Known,
  subject: Subject,
  owner: "user" | "account",
  rule: AttributeRule,
  path: string,
): void {
  for (const [key, value] of Object.entries(rule)) {
    const at = pointer(path, key);
    if (!key.startsWith("$")) lintAttribute(context, known, subject, owner, key, at);
    else
      for (const [i, one] of ([value].flat() as AttributeRule[]).entries())
        lintRule(context, known, subject, owner, one, Array.isArray(value) ? `${at}/${i}` : at);
  }
}

function lintAttribute(
  context: LintContext,
  known: Known,
  subject: Subject,
  owner: "user" | "account",
  name: string,
  path: string,
): void {
  const names = known[owner];
  // "address" is known where "address.city" is, and the other way round where it is kept as one value.
  if (!names || [...names].some((one) => one.startsWith(`${name}.`) || name.startsWith(`${one}.`))) return;
  lintName(context, "unknown-attribute", subject, names, name, path, `${owner}.`);
}

function lintTarget(
  context: LintContext,
  known: Known,
  subject: Subject,
  target: Target | undefined,
  path: string,
): void {
  if (target?.anchor !== undefined)
    lintName(context, "unknown-anchor", subject, known.anchors, target.anchor, `${path}/anchor`);
}

const WORDS: { readonly [code in NameCode]: string } = {
  "unknown-event": "event",
  "unknown-anchor": "anchor",
  "unknown-attribute": "attribute",
};

function lintName(
  context: LintContext,
  code: NameCode,
  subject: Subject,
  names: ReadonlySet<string> | undefined,
  name: string,
  path: string,
  prefix = "",
): void {
  if (!names || names.has(name)) return;
  const meant = nearest(name, names);
  const fix =
    meant === undefined
      ? `check the name, or send the ${WORDS[code]} first`
      : `did you mean "${prefix}${meant}"?`;
  context.report(code, subject, path, `the ${WORDS[code]} "${prefix}${name}" has never been seen`, fix);
}

function lintPage(
  context: LintContext,
  pages: readonly string[],
  subject: Subject,
  pattern: string,
  path: string,
): void {
  // Pages are seen as paths: what an absolute pattern asks of the site cannot be told.
  if (!/^\{?\//.test(pattern)) return;
  let compiled: ReturnType<typeof compilePattern>;
  try {
    compiled = compilePattern(pattern);
  } catch {
    return;
  }
  // Search and hash are not in the catalog.
  const paths = compiled.slice(0, 4);
  if (pages.some((page) => matchesPage(paths, page))) return;
  const meant = nearest(pattern.replaceAll("{/}?", ""), pages);
  const fix = meant === undefined ? "check the pattern, or open the page once" : `did you mean "${meant}"?`;
  context.report("unknown-page", subject, path, `no page seen so far fits "${pattern}"`, fix);
}
