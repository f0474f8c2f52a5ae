import type { Flow, FlowKind, Step } from "@cairn/flow-schema";
import { type LintContext, stepLists } from "./context.ts";
import { isLanguage, languagesOf, plain, type TextRole, textsIn } from "./texts.ts";

/** Characters that can be read at a glance where they stand; Russian may have a fifth more. */
const LIMITS: { readonly [kind in FlowKind]: { readonly title: number; readonly body: number } } = {
  tooltip: { title: 60, body: 200 },
  hotspot: { title: 60, body: 240 },
  tour: { title: 60, body: 240 },
  slideout: { title: 70, body: 360 },
  banner: { title: 80, body: 160 },
  modal: { title: 80, body: 700 },
  checklist: { title: 60, body: 140 },
};
const LABEL = 28;
const ALT = 200;
const RUSSIAN = 1.2;

/** Public benchmark: 72 % finish three steps, 16 % finish seven. */
const LONG_TOUR = 5;
const LONG_CHECKLIST = 7;

/** Too much to read: codes `text-too-long`, `long-tour`, `long-checklist`. */
export function lintLengths(context: LintContext): void {
  for (const flow of context.flows) {
    const subject = { flow: flow.id };
    for (const place of textsIn(flow)) {
      const limit = limitOf(flow.kind, place.role);
      if (limit === undefined) continue;
      for (const { tag, words, path } of languagesOf(place)) {
        const most = Math.round(limit * (isLanguage(tag, "ru") ? RUSSIAN : 1));
        const length = [...plain(words)].length;
        if (length > most)
          context.report(
            "text-too-long",
            subject,
            path,
            `${length} characters, where ${most} can be read at a glance in a ${flow.kind}`,
            `cut it to ${most} characters`,
          );
      }
    }
    if (flow.kind === "checklist") {
      const count = flow.items.filter(({ optional }) => !optional).length;
      if (count > LONG_CHECKLIST)
        context.report(
          "long-checklist",
          subject,
          "/items",
          `the checklist asks for ${count} things`,
          "keep what leads to first value, make the rest optional",
        );
    }
    if (flow.kind !== "tour") continue;
    for (const { path, steps } of stepLists(flow)) {
      const count = longestWay(steps);
      if (count > LONG_TOUR)
        context.report(
          "long-tour",
          subject,
          path,
          `the tour starts by itself and has ${count} steps; 72 % finish three steps, 16 % finish seven`,
          `keep ${LONG_TOUR} steps at most, or offer the rest as a checklist`,
        );
    }
  }
}

function limitOf(kind: Flow["kind"], role: TextRole): number | undefined {
  if (role === "label") return LABEL;
  if (role === "alt") return ALT;
  if (role === "copy") return undefined;
  return role === "body" || role === "itemBody" ? LIMITS[kind].body : LIMITS[kind].title;
}

/** Most steps that one person can meet: branches of a tour are counted one at a time. */
function longestWay(steps: readonly Step[]): number {
  // Branches that only lead forwards can be measured in one pass from the end.
  const places = new Map(steps.map(({ id }, i) => [id, i]));
  const longest = steps.map(() => 0);
  for (let i = steps.length - 1; i >= 0; i--) {
    const routes = steps[i]?.next ?? [];
    const ways = routes.map(({ step }) => places.get(step) ?? steps.length);
    if (routes.every(({ when }) => when)) ways.push(i + 1);
    if (ways.some((way) => way <= i)) return steps.length;
    longest[i] = 1 + Math.max(...ways.map((way) => longest[way] ?? 0));
  }
  return longest[0] ?? 0;
}
