import type { Holdout } from "@cairn/flow-schema";
import { parseShare } from "@cairn/flow-schema";
import type { LintContext } from "./context.ts";
import type { Size } from "./finding.ts";

/** Share that reaches the goal unaided, where nobody knows better. */
const BASE = 0.2;
/** 95 % confidence, two-sided, and 80 % power: z of 0.975 and of 0.8. */
const Z = 1.96 + 0.8416;
/** In each arm; below it metrics.md draws no conclusion at all. */
const LEAST = 30;
/** A hint that moves more than 20 points in a hundred is rare. */
const LARGE = 0.2;

/**
 * The smallest difference between two arms that such a test would find four times in five: the usual formula for two
 * shares, `z · √(p(1−p)(1/a + 1/b))`, with the same base in both.
 */
export const smallestDifference = (a: number, b: number): number =>
  Z * Math.sqrt(BASE * (1 - BASE) * (1 / a + 1 / b));

/** Holdouts that cannot tell anything at the audience's size: code `holdout-too-small`. */
export function lintHoldouts(context: LintContext): void {
  const { audience } = context.catalog ?? {};
  if (!audience) return;
  for (const { id, holdout, critical } of context.flows) {
    if (!holdout || critical) continue;
    check(context, { flow: id }, holdout, { ...audience, ...audience.flows?.[id] }, "");
  }
  const { holdout } = context.settings;
  if (holdout) check(context, {}, holdout, audience, "");
}

function check(
  context: LintContext,
  subject: { readonly flow?: string },
  { share, by = "account" }: Holdout,
  { users, accounts }: Size,
  path: string,
): void {
  const all = by === "user" ? users : (accounts ?? users);
  const part = parseShare(share) ?? 0;
  if (all === undefined || part <= 0) return;
  const out = Math.round(all * part);
  const within = all - out;
  const units = by === "user" || accounts === undefined ? "people" : "accounts";
  const least = Math.max(0.0001, smallestDifference(Math.max(out, 1), Math.max(within, 1)));
  if (out >= LEAST && within >= LEAST && least <= LARGE) return;
  const points = Math.round(least * 100);
  const found =
    points >= 100 - BASE * 100
      ? "no difference could be told from chance"
      : `only a difference of ${points} percentage points or more could be told from chance`;
  const wanted = [10, 20, 30, 50].find((percent) => {
    const [a, b] = [(all * percent) / 100, all * (1 - percent / 100)];
    return Math.min(a, b) >= LEAST && smallestDifference(a, b) <= LARGE;
  });
  context.report(
    "holdout-too-small",
    subject,
    `${path}/holdout/share`,
    `${share} of ${all} ${units} is ${out} held out: ${found} (80 % power, 95 % confidence, from a base of 20 %)`,
    wanted === undefined ? "wait for a larger audience, or leave the holdout out" : `hold out ${wanted}%`,
  );
}
