import type { Duration, FeatureState, FlowKind, FlowState, Json } from "@cairn/flow-schema";

/** How often, in what time. */
export interface CountPhrase {
  readonly event: string;
  readonly least: number | undefined;
  readonly most: number | undefined;
  readonly within: Duration | undefined;
  /** Conditions on the event's own data, already in words. */
  readonly where: string | undefined;
  readonly account: boolean;
}

/** Whose attribute a rule is about; `entry`: one entry of a list. */
export type Owner = "user" | "account" | "device" | "event" | "entry";

/** What a test is about: an attribute, or (`counted`) how many entries its list has. */
export interface Subject {
  readonly owner: Owner;
  /** In words; "" for an entry that is a value itself. */
  readonly path: string;
  readonly counted?: boolean;
}

/**
 * The words of one language. Clauses are about "they" (the people), fit after "when" and "if", and come in a form that
 * says yes and one that says no.
 */
export interface Language {
  readonly tag: string;
  quote(text: string): string;
  and(parts: readonly string[]): string;
  or(parts: readonly string[]): string;
  /** For clauses without a form of their own that says no. */
  not(clause: string): string;
  span(duration: Duration): string;
  count(phrase: CountPhrase, no: boolean): string;
  sequence(
    names: readonly string[],
    without: string | undefined,
    within: Duration,
    wait: Duration | undefined,
  ): string;
  inactive(name: string, isFeature: boolean, span: string, account: boolean): string;
  feature(name: string, is: FeatureState, account: boolean, no: boolean): string;
  flow(name: string, is: FlowState, no: boolean): string;
  segment(name: string, no: boolean): string;
  page(patterns: readonly string[], no: boolean): string;
  element(name: string, is: string): string;
  interaction(kind: "click" | "hover" | "focus" | "input", name: string): string;
  signal(
    name: string,
    span: string | undefined,
    target: string | undefined,
    depth: number | undefined,
  ): string;
  time(parts: {
    from?: string;
    to?: string;
    days?: readonly string[];
    hours?: readonly [string, string];
    zone?: string;
  }): string;
  locale(tags: readonly string[], no: boolean): string;
  attribute(subject: Subject, operator: string, value: Json, no: boolean): string;
  /** That a list has an entry of that kind. */
  entry(subject: Subject, clause: string, no: boolean): string;
  kind(kind: FlowKind): string;
  sentence(parts: SentenceParts): string;
}

export interface SentenceParts {
  readonly kind: FlowKind;
  readonly name: string;
  readonly trigger: string | undefined;
  readonly audience: string | undefined;
  readonly atMost: number | null;
  readonly gap: Duration | undefined;
  readonly perSession: boolean;
  /** All people of an account count together. */
  readonly perAccount: boolean;
  readonly until: "none" | "dismissed" | "completed" | "goal";
  readonly goal: { readonly clause: string; readonly within: Duration | undefined } | undefined;
  readonly rollout: string | undefined;
  readonly holdout: { readonly share: string; readonly account: boolean } | undefined;
  readonly from: string | undefined;
  readonly to: string | undefined;
  readonly patience: Duration | undefined;
  /** How many there are to compare; 0 = none. */
  readonly variants: number;
  readonly critical: boolean;
  /** Switched off. */
  readonly off: boolean;
}
