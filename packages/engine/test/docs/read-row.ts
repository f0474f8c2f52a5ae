import { parseDuration } from "@cairn/flow-schema";
import { START } from "../../src/testing.ts";
import type { Case, Step } from "../run-case.ts";

type Json = Record<string, unknown>;
/** What a vector says besides its definitions. */
export type Play = Pick<Case, "user" | "timezone" | "device" | "supported" | "steps">;

const DAY = 86_400_000;
const MIDNIGHT = START - 9 * 3_600_000;

/** "day 3, 09:00" (day 1 is Monday, 2 March 2026) or "2026-03-29, 01:30", all in UTC, as milliseconds. */
function timeOf(text: string): number {
  const day = /^day (\d+), (\d\d):(\d\d)(?::(\d\d))?$/.exec(text);
  if (day) {
    const [, n, h, m, s = 0] = day.map(Number) as [number, number, number, number, number | undefined];
    return MIDNIGHT + (n - 1) * DAY + (h * 3600 + m * 60 + (Number.isNaN(s) ? 0 : s)) * 1_000;
  }
  const at = Date.parse(`${text.replace(", ", "T")}Z`);
  if (Number.isNaN(at))
    throw new Error(`"${text}" is no moment: write "day 1, 09:00" or "2026-03-29, 01:30"`);
  return at;
}

const json = (text: string | undefined): Json | undefined => (text ? JSON.parse(text) : undefined);
const flag = (words: string, yes: string) => words.split(", ").includes(yes);

/** What a line may say, and the inputs that it stands for; or what it changes around them. */
const PHRASES: readonly (readonly [RegExp, (found: string[], only: string) => Step | Partial<Play>])[] = [
  [
    /^`([\w.-]+)`(?: `(\{.*\})`)?(?:, (\d+) times)?$/,
    ([, event, properties, times]) => ({
      track: event,
      ...(properties && { properties: json(properties) }),
      ...(times && { times: Number(times) }),
    }),
  ],
  [/^page `(.+)`$/, ([, url]) => ({ page: url })],
  [
    /^`(.+)` signs in(?: as `(.+)`)?$/,
    ([, id, traits]) => ({
      identify: id,
      verified: true,
      ...(traits && { traits: json(traits) }),
    }),
  ],
  [
    /^account `([^`]+)`(?: `(.+)`)?$/,
    ([, id, traits]) => ({ group: id, ...(traits && { traits: json(traits) }) }),
  ],
  [/^clicks `(.+)`$/, ([, target]) => ({ ui: "click", target })],
  [/^hovers over `(.+)`$/, ([, target]) => ({ ui: "hover", target })],
  [/^steps into `(.+)`$/, ([, target]) => ({ ui: "focus", target })],
  [/^types into `(.+)`$/, ([, target]) => ({ ui: "input", target })],
  [
    /^signal `([^`]+)`(?: for `([^`]+)`)?(?: to `([^`]+)`)?(?: at `([^`]+)`)?$/,
    ([, name, time, depth, target]) => ({
      signal: name,
      ...(time && { for: parseDuration(time) }),
      ...(depth && { depth: Number(depth) }),
      ...(target && { targets: [target] }),
    }),
  ],
  [
    /^element `(.+)`: (.+)$/,
    ([, target, words = ""]) => ({
      type: "element",
      target,
      present: !flag(words, "absent"),
      visible: flag(words, "visible"),
      enabled: !flag(words, "disabled"),
    }),
  ],
  [/^target `(.+)` appears$/, ([, target]) => ({ find: target })],
  [/^target `(.+)` is missing$/, ([, target]) => ({ lose: target })],
  [/^sees (?:it|`(.+)`)$/, ([, flow], only) => ({ expose: flow ?? only })],
  [/^presses `([^`]+)`(?: in `(.+)`)?$/, ([, button, flow], only) => ({ act: flow ?? only, button })],
  [/^presses the line `([^`]+)`(?: in `(.+)`)?$/, ([, line, flow], only) => ({ item: flow ?? only, line })],
  [/^closes (?:it|`(.+)`)$/, ([, flow], only) => ({ close: flow ?? only })],
  [/^starts `(.+)` by hand$/, ([, flow]) => ({ start: flow })],
  [/^the product stops `(.+)`$/, ([, flow]) => ({ type: "stop", flow })],
  [/^starts typing$/, () => ({ guard: "typing", on: true })],
  [/^stops typing$/, () => ({ guard: "typing", on: false })],
  [/^language `(.+)`$/, ([, locale]) => ({ type: "locale", locale })],
  [/^refuses hints for now$/, () => ({ type: "preferences", paused: true })],
  [
    /^switches `(.+)` off$/,
    ([, category = ""]) => ({ type: "preferences", categories: { [category]: false } }),
  ],
  [/^has not agreed yet$/, () => ({ type: "preferences", consent: "pending" })],
  [
    /^the server tells of (?:a colleague's|colleagues') (`.+)$/,
    ([, events = ""]) => ({
      facts: {
        upto: new Date(START).toISOString(),
        user: {},
        account: { id: "acme", events: colleagues(events) },
      },
    }),
  ],
  [/^reloads the page$/, () => ({ reload: true })],
  [/^nothing$/, () => ({})],
  [/^nobody knows who it is$/, () => ({ user: undefined })],
  [/^an old SDK that shows only `(.+)`$/, ([, kind = ""]) => ({ supported: [kind] })],
  [/^time zone `(.+)`$/, ([, timezone]) => ({ timezone: timezone as string })],
  [/^window `(.+)`$/, ([, device]) => ({ device: json(device) as Json })],
];

/** "`invoice.sent` on day -2, …" as what the server knows: event to times. */
function colleagues(text: string): Record<string, string[]> {
  const events: Record<string, string[]> = {};
  for (const [, event = "", ago] of text.matchAll(/`([^`]+)` (\d+) days? ago/g)) {
    events[event] ??= [];
    events[event].push(new Date(START - Number(ago) * DAY).toISOString());
  }
  return events;
}

/** One line of a table of claims, understood. */
export interface Row {
  readonly steps: readonly Step[];
  readonly around: Partial<Play>;
  readonly at: number | undefined;
}

const AROUND = ["user", "timezone", "device", "supported"];

/** Reads the first two cells of a line; `only`: the flow that "it" is. */
export function readRow([when, what]: readonly string[], only: string): Row {
  const steps: Step[] = [];
  let around: Partial<Play> = {};
  for (const phrase of (what ?? "").replaceAll(/ \([^)]*\)/g, "").split("; ")) {
    const made = PHRASES.flatMap(([pattern, make]) => {
      const found = pattern.exec(phrase);
      return found ? [make([...found], only)] : [];
    })[0];
    if (!made) throw new Error(`"${phrase}" is not understood; see PHRASES`);
    if (AROUND.some((key) => key in made)) around = { ...around, ...made };
    else steps.push(made as Step);
  }
  return { steps, around, at: when ? timeOf(when) : undefined };
}
