import { isDeepStrictEqual } from "node:util";
import type { Site } from "./page.ts";

/** A page in some browser: what these tests ask of it, so that the same test drives Chromium and Firefox. */
export interface Driver {
  readonly browser: "chromium" | "firefox";
  open(path?: string): Promise<void>;
  /** Runs a function in the page; it closes over nothing. */
  run<T, A = undefined>(fn: (arg: A) => T | Promise<T>, arg?: A): Promise<T>;
  /** Presses and releases a key, `Shift+F8`. */
  press(key: string): Promise<void>;
  type(text: string): Promise<void>;
  click(at: { x: number; y: number }): Promise<void>;
  wheel(by: number): Promise<void>;
  resize(width: number, height: number): Promise<void>;
}

/** Generous, for machines that do other things too. */
const LIMIT_MS = 20_000;

/** Asks the page until it answers as expected. */
export async function expectSoon<T, A>(
  page: Driver,
  expected: T,
  fn: (arg: A) => T | Promise<T>,
  arg?: A,
): Promise<void> {
  const end = Date.now() + LIMIT_MS;
  for (;;) {
    const answer = await page.run(fn, arg as A);
    if (isDeepStrictEqual(answer, expected)) return;
    if (Date.now() > end)
      throw new Error(
        `expected ${JSON.stringify(expected)} soon, but it stays ${JSON.stringify(answer)}: ${fn}`,
      );
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}

export async function expectNow<T, A>(
  page: Driver,
  expected: T,
  fn: (arg: A) => T | Promise<T>,
  arg?: A,
): Promise<void> {
  const answer = await page.run(fn, arg as A);
  if (!isDeepStrictEqual(answer, expected))
    throw new Error(`expected ${JSON.stringify(expected)}, but it is ${JSON.stringify(answer)}: ${fn}`);
}

/** A hint as a flow: with two buttons. */
export function hint(target: unknown, more: { readonly [field: string]: unknown } = {}): unknown {
  const { steps, ...rest } = more;
  return {
    schemaVersion: 1,
    id: "hint",
    kind: "tooltip",
    steps: steps ?? [
      {
        id: "one",
        ...(target === null ? {} : { target }),
        placement: "bottom",
        title: "Take it with you",
        body: "Your filter is kept.",
        actions: [
          { id: "ok", label: "Got it", style: "primary", do: "done" },
          { id: "later", label: "Later", style: "quiet", do: { snooze: "1d" } },
        ],
      },
    ],
    ...rest,
  };
}

/** Starts the SDK with these flows. */
export const start = (page: Driver, flows: unknown[], more: Parameters<Site["start"]>[1] = {}) =>
  page.run(({ flows, more }) => window.site.start(flows, more), { flows, more });

/** The hint is there, and its arrow points at this element. */
export const pointsAt = (page: Driver, id: string) =>
  expectSoon(page, true, (which: string) => window.site.pointsAt(which), id);

/** So many hints can be seen. */
export const shows = (page: Driver, count: number) => expectSoon(page, count, () => window.site.shown());

/** Presses a button of a hint, where it can be hit. */
export async function pressButton(page: Driver, name: string): Promise<void> {
  const end = Date.now() + LIMIT_MS;
  let last: unknown;
  for (;;) {
    const at = await page.run((wanted: string) => window.site.button(wanted), name);
    // Not while it is on its way to its place.
    if (at && isDeepStrictEqual(at, last)) return page.click(at);
    last = at;
    if (Date.now() > end) throw new Error(`the button ${name} cannot be pressed`);
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}
