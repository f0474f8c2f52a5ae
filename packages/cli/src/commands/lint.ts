import { existsSync } from "node:fs";
import { join } from "node:path";
import { lint, RULES } from "@cairn/engine/lint";
import { PROBLEM_CODES, parseDate } from "@cairn/flow-schema";
import { type Catalog, readCatalog } from "../catalog.ts";
import { type DefinitionPaths, readDefinitions } from "../definitions.ts";
import { failure } from "../failure.ts";
import { type Finding, jsonReport, type Rule, sarifReport, textReport } from "../report.ts";
import { createOutput, type Terminal } from "../terminal.ts";

export interface LintOptions extends Partial<DefinitionPaths> {
  readonly folder?: string | undefined;
  readonly catalog?: string;
  readonly users?: string;
  readonly accounts?: string;
  readonly today?: string;
  readonly json?: boolean;
  readonly sarif?: boolean;
}

/** `cairn lint`: what is invalid, and, where nothing is, what can never work or is likely not meant. */
export async function lintDefinitions(options: LintOptions, { stdout }: Terminal): Promise<0 | 1> {
  const { today = new Date().toISOString().slice(0, 10) } = options;
  if (parseDate(today) === undefined)
    throw failure(`--today: "${today}" is not a date; write ISO 8601, such as 2026-03-03`);
  const read = readDefinitions(pathsOf(options));
  const invalid = read.problems.map((one): Finding => ({ ...one, severity: "error" }));
  const catalog = catalogFor(options);
  const meant =
    invalid.length > 0
      ? []
      : lint({ ...read.config, today, sources: read.sources, ...(catalog && { catalog }) }).map((one) => {
          const file = one.file ?? pathsOf(options).flows;
          return { ...one, file, ...read.placeOf(file, one.path) };
        });
  const findings = [...invalid, ...meant];
  const output = createOutput(stdout);
  if (options.json) output.write(jsonReport(findings));
  else if (options.sarif) output.write(sarifReport(findings, rules()));
  else output.write(textReport(findings, read.files));
  await output.flush();
  return findings.some(({ severity }) => severity !== "info") ? 1 : 0;
}

/** What is known of the product: what arrived there, and how many use it. */
function catalogFor({ catalog, ...counts }: LintOptions): Catalog | undefined {
  const read = catalog === undefined ? undefined : readCatalog(catalog);
  const given = (["users", "accounts"] as const).flatMap((unit) => {
    const text = counts[unit];
    if (text === undefined) return [];
    if (!/^\d{1,12}$/.test(text))
      throw failure(`--${unit}: "${text}" is not a number; write one such as 4000`);
    return [[unit, Number(text)]];
  });
  return given.length === 0
    ? read
    : { ...read, audience: { ...read?.audience, ...Object.fromEntries(given) } };
}

/** The options say where things lie; else a folder in which they have their usual names. */
function pathsOf({ folder, flows, features, segments, settings }: LintOptions): DefinitionPaths {
  const root = folder ?? (flows === undefined ? "." : undefined);
  const usual = (name: string) => {
    const path = root === undefined ? undefined : join(root, name);
    return path !== undefined && existsSync(path) ? path : undefined;
  };
  return {
    flows: flows ?? join(root ?? ".", "flows"),
    features: features ?? usual("features"),
    segments: segments ?? usual("segments"),
    settings: settings ?? usual("settings.json"),
  };
}

const rules = (): readonly Rule[] => [
  ...Object.entries(PROBLEM_CODES).map(([code, title]) => ({ code, title, severity: "error" as const })),
  ...RULES,
];
