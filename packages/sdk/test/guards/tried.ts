import { appendFileSync } from "node:fs";

/** Tells the runner of the guards how many cases of a corpus a test has tried. */
export function tried(cases: number): void {
  const { CAIRN_CASES } = process.env;
  if (CAIRN_CASES) appendFileSync(CAIRN_CASES, `${cases}\n`);
}
