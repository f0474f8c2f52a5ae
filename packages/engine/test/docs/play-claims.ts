import type { Condition, Feature, Segment, Settings } from "@cairn/flow-schema";
import { explain } from "../../src/explain/index.ts";
import { compile } from "../../src/full.ts";
import { aConfig, aFlow, aStep, START } from "../../src/testing.ts";
import { type Case, playCase, type Step } from "../run-case.ts";
import type { Claims } from "./read-page.ts";
import { type Play, readRow } from "./read-row.ts";

type Json = Record<string, unknown>;
type Flows = Case["flows"];

/** What the definitions of a page give to a claim. */
export interface Shelf {
  readonly features: readonly Feature[];
  readonly segments: readonly Segment[];
}

/** The steps of a table, and which of them each row is. A clock that is already later stays where it is. */
function stepsOf(claims: Claims, only: string, after: (answer: string) => readonly Step[]) {
  const steps: Step[] = [];
  const ends: number[] = [];
  let around: Partial<Play> = { user: "anna" };
  let last = START;
  for (const row of claims.rows) {
    const { steps: own, around: more, at } = readRow(row, only);
    around = { ...around, ...more };
    // A second may have gone by while a hint was seen.
    if (at !== undefined && at < last - 1_000)
      throw new Error(`${claims.place}: ${row[0]} is earlier than the row above`);
    if (at !== undefined && at > last) {
      steps.push({ at: new Date(at).toISOString() });
      last = at;
    }
    const seen = after(row[2]);
    last += 1_000 * [...own, ...seen].filter((step) => "expose" in step).length;
    steps.push(...own, ...seen);
    ends.push(steps.length);
  }
  return { steps, ends, around };
}

const parse = (text: string) => JSON.parse(text) as Json;
const isFlow = (value: Json) => "kind" in value;
const isSettings = (value: Json) =>
  ["budget", "quiet", "holdout", "guard", "exclude", "enabled", "identity"].some((key) => key in value) &&
  !isFlow(value);

/** Other flows that a condition asks about: a tooltip that only comes by hand, with "ok" and "later". */
function standIns(
  node: unknown,
  known: ReadonlySet<unknown>,
  found = new Map<string, Json & { id: string }>(),
) {
  if (Array.isArray(node)) for (const one of node) standIns(one, known, found);
  else if (typeof node === "object" && node !== null) {
    const { flow, is } = node as Json;
    if (typeof flow === "string" && typeof is === "string" && !known.has(flow))
      found.set(flow, {
        id: flow,
        trigger: { event: "never" },
        steps: [
          aStep("one", {
            actions: [
              { id: "ok", label: "OK", do: "done" },
              { id: "later", label: "Later", do: { snooze: "1d" } },
            ],
          }),
        ] as never,
      });
    for (const one of Object.values(node)) standIns(one, known, found);
  }
  return [...found.values()];
}

export interface Outcome {
  readonly row: string;
  readonly said: string;
  readonly got: string;
}

/** Runs a table of claims with the real engine; what was said and what came, row by row. */
export function playClaims(claims: Claims, shelf: Shelf): readonly Outcome[] {
  try {
    return play(claims, shelf);
  } catch (cause) {
    throw new Error(
      `${claims.place} cannot be played; does a row say that a hint comes where none does? ${cause}`,
      { cause },
    );
  }
}

function play(claims: Claims, shelf: Shelf): readonly Outcome[] {
  const about = claims.about.map(({ text }) => parse(text));
  const flows = about.filter(isFlow) as unknown as Flows;
  const known = new Set(flows.map(({ id }) => id));
  const condition = about.at(-1) as unknown as Condition;
  switch (claims.mode) {
    case "true?":
      return playTruth(claims, shelf, condition, standIns(condition, known));
    case "sets it off?":
      return playTrigger(claims, shelf, condition, standIns(condition, known));
    case "hint":
      return playFlows(
        claims,
        shelf,
        [...flows, ...standIns(flows, known)],
        about.filter(isSettings).at(-1),
        flows,
      );
    default:
      throw new Error(`${claims.place}: "${claims.mode}" is no way to run a claim`);
  }
}

/** The condition is asked after each row, as an audience would. */
function playTruth(claims: Claims, shelf: Shelf, audience: Condition, others: Flows): readonly Outcome[] {
  const flow = { id: "asked", audience, trigger: { event: "never" } };
  const config = aConfig(
    [flow, ...others].map((one) => aFlow(one.id, one)),
    { ...shelf, settings: { budget: null } },
  );
  const { steps, ends } = stepsOf(claims, others[0]?.id ?? "asked", () => []);
  return claims.rows.map((row, i): Outcome => {
    const upto = { ...claims, rows: claims.rows.slice(0, i + 1) };
    const { around } = stepsOf(upto, "asked", () => []);
    const { driver } = playCase({
      name: "",
      flows: [flow, ...others],
      ...shelf,
      ...around,
      steps: steps.slice(0, ends[i]),
    } as Case);
    const env = {
      now: driver.now,
      timezone: around.timezone ?? "UTC",
      device: { width: 1280, height: 800, touch: false, ...around.device },
    };
    const value = explain(compile(config), driver.state, env, "asked")?.audience?.value;
    const got = row[2] === "" ? "" : value === true ? "yes" : value === false ? "no" : "unknown";
    return { row: row.slice(0, 2).join(" "), said: row[2], got };
  });
}

/** The condition sets off a hint that may come any number of times and goes at once. */
function playTrigger(claims: Claims, shelf: Shelf, trigger: Condition, others: Flows): readonly Outcome[] {
  const flow = { id: "asked", trigger, frequency: { atMost: null, until: "none" } };
  const { steps, ends, around } = stepsOf(claims, others[0]?.id ?? "asked", (answer) =>
    answer === "yes" ? [{ close: "asked" }] : [],
  );
  const { results } = playCase({ name: "", flows: [flow, ...others], ...shelf, ...around, steps } as Case);
  return claims.rows.map((row, i) => {
    const said = row[2];
    const decisions = results.slice(ends[i - 1] ?? 0, ends[i]).flatMap((result) => result.decisions);
    const own = decisions.filter((one) => one.startsWith("asked "));
    const got = own.length === 0 ? "no" : own.join() === "asked shown" ? "yes" : own.join("; ");
    return { row: row.slice(0, 2).join(" "), said, got: said === "" && got === "no" ? "" : got };
  });
}

const SHOWN = /(?:`([^`]+)` )?\*\*shown\*\*/g;

/** Whole flows, with the budget on; a hint that is shown is seen for a second. */
function playFlows(
  claims: Claims,
  shelf: Shelf,
  all: Flows,
  settings: Json | undefined,
  flows: Flows,
): readonly Outcome[] {
  const only = flows.at(-1)?.id ?? "";
  const { steps, ends, around } = stepsOf(claims, only, (answer) =>
    [...answer.matchAll(SHOWN)].map(([, flow]) => ({ expose: flow ?? only })),
  );
  const vector = {
    name: "",
    flows: all,
    ...shelf,
    ...around,
    settings: { budget: {}, ...settings } as Settings,
    steps,
  };
  const { results } = playCase(vector as Case);
  return claims.rows.map((row, i) => {
    const part = results.slice(ends[i - 1] ?? 0, ends[i]);
    const name = (flow: string) => (flows.length === 1 ? "" : `\`${flow}\` `);
    const decisions = part
      .flatMap((result) => result.decisions)
      .map((text) => {
        const [flow = "", outcome, reason] = text.split(" ");
        if (outcome === "shown") return `${name(flow)}**shown**`;
        return outcome === "withheld" ? `${name(flow)}withheld` : `${name(flow)}held: \`${reason}\``;
      });
    const said = row[2].replaceAll(/ \([^)]*\)/g, "").split("; ");
    // Whatever else is claimed is asked only where it is claimed; decisions must be complete.
    const more = said.flatMap((claim) => furtherClaim(claim, part, only));
    return {
      row: row.slice(0, 2).join(" "),
      said: said.join("; "),
      got: [...decisions, ...more].join("; ") || "–",
    };
  });
}

type Results = ReturnType<typeof playCase>["results"];

/** Claims about the open hint and its end: repeated if true, and else what is true instead. */
function furtherClaim(claim: string, part: Results, only: string): string[] {
  const records = part.flatMap((result) => result.records);
  const screen = part.at(-1)?.screen ?? [];
  const all = (pattern: RegExp, from: readonly string[]) =>
    from.flatMap((text) => pattern.exec(text)?.[1] ?? []);
  if (/^ends: /.test(claim))
    return [`ends: ${all(/^flow\.ended \S+ (?:\S+ )?(\S+)$/, records).map((one) => `\`${one}\``)}`];
  if (/^step /.test(claim)) return [`step ${all(/\/(\S+)$/, screen).map((one) => `\`${one}\``)}`];
  if (/^ticked /.test(claim)) {
    const drawn = part.flatMap((result) => result.drawn).filter((one) => / \d+\/\d+$/.test(one));
    return [`ticked ${/(\d+\/\d+)$/.exec(drawn.at(-1) ?? "")?.[1]?.replace("/", " of ")}`];
  }
  if (claim === "goal reached") return records.includes(`goal.reached ${only}`) ? [claim] : ["no goal"];
  if (/^(?:opens|calls) /.test(claim)) {
    const [deed = ""] = part.flatMap((result) => result.does);
    return [deed.startsWith("navigate ") ? `opens \`${deed.slice(9)}\`` : `calls \`${deed}\``];
  }
  return [];
}
