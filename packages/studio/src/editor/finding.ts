import { type Flow, type Problem, type ValidateOptions, validateFlow } from "@cairn/flow-schema";
import type { Diagnostic } from "@codemirror/lint";
import type { JsonService, SyntaxCode, SyntaxFault } from "./json-service.ts";
import { locate, type Range } from "./locate.ts";

/** Ids that exist, for the check of references. */
export type KnownIds = NonNullable<ValidateOptions["known"]>;

/** Something to mend, with the place in the text where it stands. */
export interface Finding extends Range {
  /** Line, counted from 1. */
  readonly line: number;
  /** JSON Pointer; `""` where the text is no JSON yet. */
  readonly path: string;
  /** What was found. */
  readonly message: string;
  /** What to write instead. */
  readonly fix: string | undefined;
}

/** A text as it was found: the flow where it is one, else what is wrong with it. */
export interface Checked {
  readonly text: string;
  readonly flow: Flow | undefined;
  readonly findings: readonly Finding[];
}

/** Says a fault of the JSON itself in the reader's language. */
export type SyntaxWords = { readonly [code in SyntaxCode]: string };

/** Is it JSON, and is it a flow? The validator is only asked about what can be parsed. */
export async function checkText(
  text: string,
  known: KnownIds,
  service: JsonService,
  words: SyntaxWords,
): Promise<Checked> {
  const faults = await service.faults(text).catch((): readonly SyntaxFault[] => {
    // Its parser calls itself: only brackets without end in each other exhaust it.
    return [{ code: "deep", from: 0, to: 1 }];
  });
  if (faults.length > 0) {
    const findings = faults.map(({ code, from, to }) => ({
      from,
      to: Math.max(to, from),
      line: lineAt(text, from),
      path: "",
      message: words[code],
      fix: undefined,
    }));
    return { text, flow: undefined, findings };
  }
  const value = parse(text);
  const result = validateFlow(value, { known });
  if (result.ok) return { text, flow: result.value, findings: [] };
  return { text, flow: undefined, findings: findingsOf(text, result.problems) };
}

/** The validator's problems, each at its place in the text. */
export function findingsOf(text: string, problems: readonly Problem[]): readonly Finding[] {
  return problems.map(({ path, code, message, fix }) => {
    const range = locate(text, path, code === "unknown-field" || code === "forbidden-key");
    return { ...range, line: lineAt(text, range.from), path, message, fix };
  });
}

/** Findings as CodeMirror underlines them; an empty stretch is widened to one sign, to be seen. */
export function diagnosticsOf(text: string, findings: readonly Finding[]): readonly Diagnostic[] {
  return findings.map(({ from, to, message, fix }) => ({
    from: to > from ? from : Math.max(0, Math.min(from, text.length - 1)),
    to: Math.max(to, Math.min(from + 1, text.length)),
    severity: "error" as const,
    message: fix === undefined ? message : `${sentence(message)} ${sentence(fix)}`,
  }));
}

/** The validator's clauses as sentences. */
export function sentence(clause: string): string {
  const ended = /[.!?…]$/.test(clause) ? clause : `${clause}.`;
  return ended.charAt(0).toUpperCase() + ended.slice(1);
}

function lineAt(text: string, offset: number): number {
  let line = 1;
  for (let at = text.indexOf("\n"); at >= 0 && at < offset; at = text.indexOf("\n", at + 1)) line++;
  return line;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
