import type { Driver } from "./driver.ts";

/** One row of what hints must bear, as a test that any browser can run. */
export interface Row {
  /** Stable; where one row of the list takes several tests, what comes before the colon is the row. */
  readonly id: string;
  readonly fact: string;
  test(page: Driver): Promise<void>;
}
