/** Test files that one tool runs. Paths from the root of the repository. */
export interface Tests {
  readonly with: "vitest" | "browser";
  readonly files: readonly string[];
  /** Only tests whose title has this, as a regular expression. @default all */
  readonly only?: string;
  /** In the long form of `pnpm soak`, where the short one leaves out what is needed. */
  readonly soak?: boolean;
  /** Needs the built files of the SDK. */
  readonly built?: boolean;
}

/** One guard: the text that stands for it in the sources, and what stands there when it is taken out. */
export interface Guard {
  /** What it is for, in few words. */
  readonly name: string;
  /** Path from the root of the repository. */
  readonly file: string;
  /** Occurs exactly once in the file. */
  readonly out: string;
  readonly put: string;
  /** What must go red. @default the tests of its suite */
  readonly red?: Tests;
}

/** What issue's list, or the contract, asks to be shown. */
export interface Suite {
  readonly name: string;
  readonly tests: readonly Tests[];
  readonly guards: readonly Guard[];
}

export const unit = (files: string | readonly string[], only?: string): Tests => ({
  with: "vitest",
  files: [files].flat(),
  ...(only !== undefined && { only }),
});
export const browser = (file: string, only?: string, more: Pick<Tests, "soak" | "built"> = {}): Tests => ({
  with: "browser",
  files: [`packages/sdk/test/browser/${file}.spec.ts`],
  ...(only !== undefined && { only }),
  ...more,
});
