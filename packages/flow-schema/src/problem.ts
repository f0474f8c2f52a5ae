/** One thing wrong with a definition, said so that its author can mend it. */
export interface Problem {
  /** File (or source) the definition came from, as given to the validator. */
  readonly file: string;
  /** JSON Pointer to the place, `/steps/0/target/anchor`; `""` is the whole document. */
  readonly path: string;
  /** Stable code, `unknown-field`, `wrong-type`, `dangling-reference` … (see validate.ts). */
  readonly code: string;
  /** What was found and why it does not fit. */
  readonly message: string;
  /** What to write instead. */
  readonly fix: string;
}
