import type { ErrorBody } from "../errors.ts";
import type { ReportName } from "./reports.ts";

/** Where the reports' thread finds its data. */
export type ReportPlace = { readonly sqlite: string } | { readonly postgres: string };

/** A report that the thread is asked for; what it takes is up to the report. */
export interface ReportOrder {
  readonly id: number;
  readonly name: ReportName;
  readonly environment: string;
  readonly query: unknown;
}

export type ReportOutcome =
  | { readonly id: number; readonly result: unknown }
  /** `words`: what no caller may see, where the error is none that an answer can have. */
  | { readonly id: number; readonly error: ErrorBody["error"]; readonly words?: string };
