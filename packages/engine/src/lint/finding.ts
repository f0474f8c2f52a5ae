import type { Feature, Flow, Segment, Settings } from "@cairn/flow-schema";
import type { RuleCode, Severity } from "./rules.ts";

/** One thing that is likely not what its author meant. */
export interface Finding {
  /** Stable code, one of `RULES`. */
  readonly code: RuleCode;
  /** `error`: something can never work. `warning`: it works, but likely not as meant. `info`: worth a look. */
  readonly severity: Severity;
  /** File the definition came from, where `sources` names it. */
  readonly file?: string;
  /** The definition it is about; none of them: the settings. */
  readonly flow?: string;
  readonly feature?: string;
  readonly segment?: string;
  /** JSON Pointer to the place in the definition, `/audience/all/1`; `""` is the whole of it. */
  readonly path: string;
  /** What was found, and why it matters. */
  readonly message: string;
  /** What to do about it. */
  readonly fix: string;
}

/** What really arrived from the product: the body of `GET /v1/catalog`. Empty lists count as "not known yet". */
export interface Catalog {
  readonly events?: readonly { readonly name: string }[];
  readonly attributes?: {
    readonly user?: readonly { readonly path: string }[];
    readonly account?: readonly { readonly path: string }[];
  };
  readonly anchors?: readonly { readonly name: string }[];
  readonly pages?: readonly { readonly path: string }[];
  /** How many people and accounts there are, and how many each flow's audience has where that is known. */
  readonly audience?: Size & { readonly flows?: { readonly [flow: string]: Size } };
}
export interface Size {
  readonly users?: number;
  readonly accounts?: number;
}

/** Where definitions came from: id to file name. */
export interface Sources {
  readonly flows?: { readonly [id: string]: string };
  readonly features?: { readonly [id: string]: string };
  readonly segments?: { readonly [id: string]: string };
  readonly settings?: string;
}

export interface LintInput {
  /** Definitions that the validator has passed. */
  readonly flows: readonly Flow[];
  readonly features?: readonly Feature[];
  readonly segments?: readonly Segment[];
  readonly settings?: Settings;
  /** Without it nothing is said about names that were never seen, nor about holdouts. */
  readonly catalog?: Catalog;
  /** ISO 8601 date or moment. Without it nothing is said about dates that have passed. */
  readonly today?: string;
  readonly sources?: Sources;
}
