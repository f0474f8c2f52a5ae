import {
  createRecorder,
  createSimulation,
  type FlowDetail,
  type Simulation,
  type SimulationResult,
} from "@cairn/engine/simulate";
import { validDefinitions } from "../definitions.ts";
import { readLog } from "../event-log.ts";
import { createProgress } from "../progress.ts";
import { type ReplayOptions, respondOf } from "../replay-options.ts";
import { createSortedDecisions, type SortedDecisions } from "../sorted-decisions.ts";
import { count, counted, table } from "../table.ts";
import { createOutput, type Terminal } from "../terminal.ts";

export interface SimulateOptions extends ReplayOptions {
  readonly against?: string;
}

/** `cairn simulate`: plays a log against definitions from files, and tells what came of it. */
export async function replayLog(options: SimulateOptions, terminal: Terminal): Promise<0> {
  const begun = performance.now();
  const respond = respondOf(options);
  const { config } = validDefinitions(options);
  const against =
    options.against === undefined
      ? undefined
      : validDefinitions({ ...options, flows: options.against }).config.flows;
  const decisions = createSortedDecisions();
  const progress = createProgress(terminal, () => performance.now());
  try {
    const simulation = createSimulation({
      config,
      respond,
      targets: options.targets,
      ...(against && { against }),
      ...(options.json && { onDecision: decisions.add }),
    });
    await readLog({ events: options.events, onLine: simulation.read, onProgress: progress.update }, terminal);
    const result = simulation.finish();
    progress.clear();
    if (options.json) await writeJson(decisions, result, terminal);
    else await writeText(simulation, result, terminal);
    const seconds = ((performance.now() - begun) / 1000).toFixed(1);
    terminal.stderr.write(`${counted(result.summary.events, "event")} replayed in ${seconds} s\n`);
    return 0;
  } finally {
    progress.clear();
    decisions.dispose();
  }
}

/** One decision a line, so that the answer can be searched and compared as text. */
async function writeJson(
  decisions: SortedDecisions,
  { summary, changes }: SimulationResult,
  { stdout }: Terminal,
): Promise<void> {
  const output = createOutput(stdout);
  const recordOf = createRecorder();
  let separator = "\n";
  output.write('{"decisions":[');
  for (const decision of decisions.read()) {
    output.write(`${separator}${JSON.stringify(recordOf(decision))}`);
    separator = ",\n";
    if (output.isFull) await output.flush();
  }
  output.write(`\n],\n"summary":${JSON.stringify(summary)}`);
  if (changes) output.write(`,\n"changes":${JSON.stringify(changes)}`);
  output.write("}\n");
  await output.flush();
}

const MAX_CHANGES = 10;

async function writeText(
  simulation: Simulation,
  { summary, changes }: SimulationResult,
  { stdout }: Terminal,
): Promise<void> {
  const output = createOutput(stdout);
  const say = (text = "") => output.write(`${text}\n`);
  const { flows, overloaded } = simulation.details();
  const { from, to, outOfOrder } = summary;
  const period = from === null || to === null ? "" : `, ${from.slice(0, 10)} to ${to.slice(0, 10)}`;
  say(`${counted(summary.events, "event")} of ${counted(summary.users, "person", "people")}${period}`);
  if (simulation.duplicates > 0) say(`${counted(simulation.duplicates, "line")} came twice and counted once`);
  if (outOfOrder > 0)
    say(`${counted(outOfOrder, "line")} older than what had happened to the person already: played late`);
  say();
  output.write(
    table(
      ["Flow", "People", "Shown", "Withheld", "Held, by reason"],
      Object.entries(summary.flows).map(([id, { users, shown, withheld, heldByReason }]) => [
        id,
        users,
        shown,
        withheld,
        reasonsOf(heldByReason),
      ]),
    ),
  );
  say();
  const { p50, p95, max } = summary.interruptionsPerUserWeek;
  say("Interruptions per person and week");
  say(`  half of the weeks have at most ${p50}, 95 % at most ${p95}, the busiest has ${max}`);
  if (overloaded.length > 0)
    say(
      `  most in one week: ${overloaded.map(({ name, interruptions }) => `${name} ${count(interruptions)}`).join(", ")}`,
    );
  sayStarved(flows, say);
  sayNames(flows, say);
  if (changes) sayChanges(changes, say);
  await output.flush();
}

type Say = (text?: string) => void;

const reasonsOf = (held: { readonly [reason: string]: number | undefined }): string =>
  Object.entries(held)
    .sort(([, a = 0], [, b = 0]) => b - a)
    .map(([reason, n = 0]) => `${reason} ${count(n)}`)
    .join(", ");

function sayStarved(details: { readonly [flow: string]: FlowDetail }, say: Say): void {
  const starved = Object.entries(details).filter(([, one]) => one.starved > 0);
  if (starved.length === 0) return;
  say();
  say("Starved: held by the budget, and never shown to these people");
  for (const [id, one] of starved) say(`  ${id}: ${counted(one.starved, "person", "people")}`);
}

function sayNames(details: { readonly [flow: string]: FlowDetail }, say: Say): void {
  const shown = Object.entries(details).filter(([, { names }]) => names.length > 0);
  if (shown.length === 0) return;
  say();
  say("Shown to, among others");
  for (const [id, { names }] of shown) say(`  ${id}: ${names.join(", ")}`);
}

function sayChanges({ gain, lose, interruptions }: NonNullable<SimulationResult["changes"]>, say: Say): void {
  say();
  say("What changes");
  for (const [what, list] of [
    ["gain", gain],
    ["lose", lose],
  ] as const) {
    const flows = new Map<string, string[]>();
    for (const { user, flow } of list) flows.set(flow, [...(flows.get(flow) ?? []), user]);
    if (flows.size === 0) say(`  nobody ${what === "gain" ? "gains" : "loses"} a hint`);
    for (const [flow, users] of [...flows].sort(([a], [b]) => (a < b ? -1 : 1))) {
      const names = users.slice(0, MAX_CHANGES).join(", ");
      const more = users.length > MAX_CHANGES ? ", …" : "";
      const verb = users.length === 1 ? `${what}s` : what;
      say(`  ${counted(users.length, "person", "people")} ${verb} ${flow}: ${names}${more}`);
    }
  }
  const { before, after } = interruptions;
  const sign = after > before ? "+" : "";
  say(`  interruptions: ${count(before)} before, ${count(after)} after (${sign}${count(after - before)})`);
}
