import { isAbsolute, relative, sep } from "node:path";
import { pathToFileURL } from "node:url";
import { counted } from "./table.ts";

/** One thing found in a file, whoever found it. */
export interface Finding {
  readonly code: string;
  readonly severity: "error" | "warning" | "info";
  readonly file: string;
  /** JSON Pointer to the place; `""` is the whole file. */
  readonly path: string;
  readonly line: number;
  readonly column: number;
  readonly message: string;
  readonly fix: string;
}

export interface Rule {
  readonly code: string;
  readonly title: string;
  readonly severity: Finding["severity"];
  readonly help?: string;
}

/** For people: a line for what was found, and one for what to do. */
export function textReport(findings: readonly Finding[], files: number): string {
  const found = findings.map(({ file, line, column, severity, code, path, message, fix }) => {
    const where = path === "" ? "" : `${path}: `;
    return `${file}:${line}:${column} ${severity} ${code}\n  ${where}${message}\n  ${fix}\n`;
  });
  const parts = (["error", "warning", "info"] as const).flatMap((severity) => {
    const n = findings.filter((one) => one.severity === severity).length;
    return n === 0 ? [] : [severity === "info" ? `${n} to look at` : counted(n, severity)];
  });
  const read = counted(files, "file");
  return `${found.map((one) => `${one}\n`).join("")}${read}, ${parts.join(", ") || "nothing found"}\n`;
}

export function jsonReport(findings: readonly Finding[]): string {
  const number = (severity: Finding["severity"]) =>
    findings.filter((one) => one.severity === severity).length;
  const summary = { errors: number("error"), warnings: number("warning"), infos: number("info") };
  return `${JSON.stringify({ findings, summary }, null, 2)}\n`;
}

const LEVELS = { error: "error", warning: "warning", info: "note" } as const;

/** SARIF 2.1.0, which code hosts show beside the changed lines. */
export function sarifReport(findings: readonly Finding[], rules: readonly Rule[]): string {
  const used = rules.filter(({ code }) => findings.some((one) => one.code === code));
  const log = {
    $schema: "https://json.schemastore.org/sarif-2.1.0.json",
    version: "2.1.0",
    runs: [
      {
        tool: {
          driver: {
            name: "cairn lint",
            rules: used.map(({ code, title, severity, help }) => ({
              id: code,
              shortDescription: { text: title },
              ...(help !== undefined && { help: { text: help } }),
              defaultConfiguration: { level: LEVELS[severity] },
            })),
          },
        },
        results: findings.map(({ code, severity, file, path, line, column, message, fix }) => {
          const rule = used.findIndex((one) => one.code === code);
          return {
            ruleId: code,
            ...(rule >= 0 && { ruleIndex: rule }),
            level: LEVELS[severity],
            message: { text: `${message}; ${fix}` },
            locations: [
              {
                physicalLocation: {
                  artifactLocation: { uri: uriOf(file) },
                  region: { startLine: line, startColumn: column },
                },
                ...(path !== "" && { logicalLocations: [{ fullyQualifiedName: path }] }),
              },
            ],
          };
        }),
      },
    ],
  };
  return `${JSON.stringify(log, null, 2)}\n`;
}

/** Relative where the file lies under the working folder, as code hosts want it. */
function uriOf(file: string): string {
  const path = relative("", file);
  if (path.startsWith("..") || isAbsolute(path)) return pathToFileURL(file).href;
  return path.split(sep).map(encodeURIComponent).join("/");
}
