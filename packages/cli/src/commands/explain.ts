import type { Decision } from "@cairn/engine";
import { type ConditionTree, type Explanation, explain } from "@cairn/engine/explain";
import { createReplay, createSimulation, recordOf } from "@cairn/engine/simulate";
import { parseDate } from "@cairn/flow-schema";
import { validDefinitions } from "../definitions.ts";
import { readLog } from "../event-log.ts";
import { failure } from "../failure.ts";
import { type ReplayOptions, respondOf } from "../replay-options.ts";
import { createOutput, type Terminal } from "../terminal.ts";

export interface ExplainOptions extends ReplayOptions {
  readonly user: string;
  readonly flow: string;
  readonly at: string;
}

const DAY = 86_400_000;
/** Decisions told on either side of the moment. */
const MAX_TOLD = 20;

/** `cairn explain`: replays a log up to a moment, and says how things stood for one person and one flow. */
export async function explainDecision(options: ExplainOptions, terminal: Terminal): Promise<0> {
  const at = parseDate(options.at);
  if (at === undefined)
    throw failure(`--at: "${options.at}" is not a moment; write ISO 8601, such as 2026-03-03T10:00:00Z`);
  const { config } = validDefinitions(options);
  if (!config.flows.some(({ id }) => id === options.flow))
    throw failure(
      `--flow: there is no flow "${options.flow}"; there are ${config.flows.map(({ id }) => id).join(", ")}`,
    );
  const replay = { config, respond: respondOf(options), targets: options.targets };
  const decisions: Decision[] = [];
  // One knows nothing of what came later; the other goes on for a day, to tell what became of it.
  const until = createReplay(replay);
  const around = createSimulation({
    ...replay,
    onDecision(decision) {
      if (decision.flow === options.flow && Math.abs(decision.at - at) <= DAY) decisions.push(decision);
    },
  });
  const ids = new Set<string>();
  await readLog(
    {
      events: options.events,
      onLine(line) {
        const time = Date.parse(line.timestamp);
        if (time > at + DAY) return;
        around.read(line);
        const { messageId } = line;
        if (time > at || (messageId && ids.has(messageId))) return;
        if (messageId) ids.add(messageId);
        until.read(line, time);
      },
    },
    terminal,
  );
  around.finish();
  const person = until.personAt(options.user, at);
  if (!person)
    throw failure(`--user: no line up to ${iso(at)} is of "${options.user}"; ids are written as in the log`);
  const found = explain(until.compiled, person.state, person.env, options.flow);
  if (!found) throw failure(`--flow: "${options.flow}" cannot be explained`);
  // A person may have been decided about before they were known by name.
  const names = [person.state.person.userId, person.state.person.anonymousId];
  const told = decisions.filter(({ user }) => names.includes(user));
  const before = told.filter((one) => one.at <= at).slice(-MAX_TOLD);
  const after = told.filter((one) => one.at > at).slice(0, MAX_TOLD);
  const output = createOutput(terminal.stdout);
  if (options.json) {
    const answer = {
      user: options.user,
      at: iso(at),
      explanation: found,
      decisions: [...before, ...after].map(recordOf),
    };
    output.write(`${JSON.stringify(answer, null, 2)}\n`);
  } else output.write(explanationText(options.user, at, found, before, after));
  await output.flush();
  return 0;
}

const iso = (at: number) => new Date(at).toISOString();

function explanationText(
  user: string,
  at: number,
  found: Explanation,
  before: readonly Decision[],
  after: readonly Decision[],
): string {
  const { flow, gate, open, exposures } = found;
  const lines = [`${flow} for ${user} at ${iso(at)}`, ""];
  if (open) lines.push("It was on screen.");
  else if (gate)
    lines.push(`It could not be shown: ${gate.reason}${gate.detail ? ` (${gate.detail})` : ""}.`);
  else lines.push("Every gate was open: it would be shown if its trigger fired.");
  lines.push(`It had been seen ${exposures === 1 ? "once" : `${exposures} times`}.`);
  const part = (title: string, tree: ConditionTree | null) => {
    if (tree) lines.push("", title, ...treeLines(tree, 1));
  };
  part("Trigger", found.trigger);
  part("Audience", found.audience);
  part("Goal", found.goal);
  for (const { id, when } of found.quiet) part(`Quiet: ${id}`, when);
  lines.push("", "Decisions up to then", ...decisionLines(before));
  lines.push("", "Decisions in the day after", ...decisionLines(after));
  return `${lines.join("\n")}\n`;
}

const decisionLines = (decisions: readonly Decision[]): readonly string[] =>
  decisions.length === 0
    ? ["  none"]
    : decisions.map(({ at, outcome, reason, detail }) =>
        [`  ${iso(at)}`, outcome, reason, detail].filter((one) => one !== undefined).join(" "),
      );

const truthOf = (value: boolean | null) => (value === null ? "unknown" : value ? "true   " : "false  ");

function treeLines(tree: ConditionTree, depth: number): readonly string[] {
  const indent = "  ".repeat(depth);
  const inner = (tree.of ?? []).flatMap((one) => treeLines(one, depth + 1));
  if (!("leaf" in tree)) return [`${indent}${truthOf(tree.value)} ${tree.op} of`, ...inner];
  const had = JSON.stringify(tree.had);
  return [`${indent}${truthOf(tree.value)} ${JSON.stringify(tree.leaf)}, there was ${had}`, ...inner];
}
