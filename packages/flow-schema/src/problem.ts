/** Every code a problem can have, with what it means; the reference's table is made from it. */
export const PROBLEM_CODES = {
  "not-json": "The value cannot be written as JSON: a function, a number without value, a broken text …",
  "too-large": "The definition is larger than its limit (a flow: 256 kB, a configuration: 1 MB).",
  "too-deep": "Lists and objects stand in each other more than 32 levels deep.",
  "too-many-nodes": "The flow has more than 5,000 values.",
  "forbidden-key": "A field is called `__proto__`, `constructor` or `prototype`.",
  "unknown-field": "The field does not exist at this place.",
  "missing-field": "A field that must be there is not.",
  "conflicting-fields": "Two fields exclude each other, or a field does not go with another one's value.",
  "wrong-type": "Another type of value is expected: text, number, list, object …",
  "not-allowed-value": "The value is not one of the list.",
  "out-of-range": "The number is too small or too great.",
  "wrong-length": "The text or list is too short or too long, or the object is empty.",
  "unsupported-version": "The file was written for a version of the format that this Cairn does not know.",
  "unknown-condition": "No condition has this name.",
  "unknown-deed": "No deed has this name.",
  "unknown-operator": "No attribute operator has this name.",
  "bad-id": "An id has another shape than `first-export`.",
  "bad-duration": "A duration has another shape than `14d`.",
  "bad-share": "A share has another shape than `10%`.",
  "bad-date": "A date is not ISO 8601, has no zone, or does not exist; or a period ends before it begins.",
  "bad-time": "A time of day has another shape than `09:00`.",
  "bad-time-zone": "The time zone does not exist.",
  "bad-locale": "A language tag has another shape than `en` or `pt-BR`.",
  "bad-anchor": "An anchor has letters that a `data-cairn` attribute should not have.",
  "bad-selector": "A selector is empty, longer than 512 characters, or uses `:has`.",
  "bad-url": "An address does not begin with https, http, mailto, tel or a path.",
  "bad-origin": "An origin is more or less than scheme and host.",
  "bad-page-pattern": "A page pattern neither starts with `/` nor is absolute, or cannot be read.",
  "bad-attribute-rule":
    "An attribute rule is empty, mixes values and operators, or gives an operator a wrong value.",
  "bad-text": "A `{{…}}` in a text cannot be read, or a link in it leads to a forbidden address.",
  "bad-colour": "A colour has another shape than `#1f6feb`.",
  "bad-font": "A font family holds more than names of fonts.",
  "bad-version": "A version has another shape than `1.2.3`.",
  "bad-event-name": "An event name is empty or longer than 200 characters.",
  "reserved-name": "An event name begins with `cairn.`, which is kept for the SDK.",
  "duplicate-id": "Two things in one list have the same id.",
  "dangling-reference": "A flow, feature, segment or step is named that does not exist.",
  "reference-cycle": "Segments or features ask about each other in a circle.",
} as const;
export type ProblemCode = keyof typeof PROBLEM_CODES;

/** One thing wrong with a definition, said so that its author can mend it. */
export interface Problem {
  /** File (or source) the definition came from, as given to the validator. */
  readonly file: string;
  /** JSON Pointer to the place, `/steps/0/target/anchor`; `""` is the whole document. */
  readonly path: string;
  /** Stable code, one of {@link PROBLEM_CODES}. */
  readonly code: ProblemCode;
  /** What was found and why it does not fit. */
  readonly message: string;
  /** What to write instead. */
  readonly fix: string;
}

/** One line for people: `first-export.json#/frequency/gap: "14 days" is not a duration. write "14d": …`. */
export function formatProblem({ file, path, message, fix }: Problem): string {
  return `${file}#${path}: ${message}. ${fix}`;
}
