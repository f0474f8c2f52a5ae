// @vitest-environment happy-dom
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Config } from "@cairn/flow-schema";
import ts from "typescript";
import { afterEach, describe, expect, it } from "vitest";
import { declaredMethods } from "../test/declared-methods.ts";
import { fakeBrowser } from "../test/fake-browser.ts";
import { tried } from "../test/guards/tried.ts";
import { hostileArguments } from "../test/hostile-arguments.ts";
import type { Cairn, CairnOptions } from "./api.ts";
import { createClient } from "./client.ts";
import { createCairn } from "./create-cairn.ts";
import { settle } from "./testing.ts";

/**
 * What is really broken inside a call ends in its guard. client.test.ts tries what a host hands in; here the arguments are
 * good, and the page, the browser or the network is bad, so that without the guard the host would see it.
 */
const config = {
  schemaVersion: 1,
  environment: "test",
  flows: [{ schemaVersion: 1, id: "hello", kind: "tooltip", steps: [{ id: "one", title: "Hello" }] }],
  settings: { budget: null, identity: { settle: "0s" } },
} as unknown as Config;

/** How often something that is broken was used. */
let reached = 0;
const boom = (): never => {
  reached++;
  throw new Error("broken by the page");
};
/** Puts something that throws in the place of a function of the host's; returns what mends it. */
function replace(owner: object, name: string): () => void {
  const own = Object.getOwnPropertyDescriptor(owner, name) as PropertyDescriptor;
  Object.defineProperty(owner, name, { ...own, value: boom });
  return () => Object.defineProperty(owner, name, own);
}

interface Broken {
  /** Breaks it; what mends it. */
  breakIt(): () => void;
  call(cairn: Cairn): unknown;
  /** In which phases the call reaches what is broken; after `destroy` none does anything. @default both */
  readonly phases?: readonly Phase[];
}
const PHASES = ["before the start", "after the start", "after destroy"] as const;
type Phase = (typeof PHASES)[number];

let isClockBroken = false;
let isRareBroken = false;
/** A clock of the page's that throws: a `Date.now` that somebody has replaced. */
const clock = () => {
  isClockBroken = true;
  return () => {
    isClockBroken = false;
  };
};
/** A file that does not come. */
const rare = () => {
  isRareBroken = true;
  return () => {
    isRareBroken = false;
  };
};
const push = () => replace(Array.prototype, "push");
const getter = {
  get plan(): string {
    throw new Error("the host's getter");
  },
};

/** Of each method, and of each function that one of them gives back. A method that is new in the declarations is missing here. */
const BROKEN: { readonly [name in keyof Cairn | "what on() gives" | "what hold() gives"]: Broken } = {
  identify: { breakIt: clock, call: (cairn) => cairn.identify("u1", getter) },
  group: { breakIt: clock, call: (cairn) => cairn.group("a1", getter) },
  track: { breakIt: clock, call: (cairn) => cairn.track("x", getter) },
  page: { breakIt: clock, call: (cairn) => cairn.page("Reports", getter) },
  start: { breakIt: clock, call: (cairn) => cairn.start("hello") },
  stop: { breakIt: clock, call: (cairn) => cairn.stop() },
  consent: { breakIt: clock, call: (cairn) => cairn.consent("granted") },
  preferences: { breakIt: clock, call: (cairn) => cairn.preferences({ paused: true }) },
  setLocale: { breakIt: clock, call: (cairn) => cairn.setLocale("ru") },
  reset: { breakIt: clock, call: (cairn) => cairn.reset() },
  explain: { breakIt: rare, call: (cairn) => cairn.explain("hello") },
  decisions: {
    breakIt: () => replace(Array.prototype, "filter"),
    call: (cairn) => cairn.decisions(),
    // Nothing was decided before.
    phases: ["after the start"],
  },
  on: { breakIt: () => replace(Set.prototype, "add"), call: (cairn) => cairn.on("flow.shown", () => {}) },
  hold: { breakIt: push, call: (cairn) => cairn.hold() },
  destroy: { breakIt: push, call: (cairn) => cairn.destroy() },
  "what on() gives": {
    breakIt: () => replace(Set.prototype, "delete"),
    call: (cairn) => cairn.on("flow.shown", () => {})(),
  },
  "what hold() gives": { breakIt: push, call: (cairn) => cairn.hold()() },
};
/** These two are made first, and used while it is broken. */
const GIVEN: { readonly [name: string]: (cairn: Cairn) => () => void } = {
  "what on() gives": (cairn) => cairn.on("flow.shown", () => {}),
  "what hold() gives": (cairn) => cairn.hold(),
};

let cairn: Cairn | undefined;
const rejections: unknown[] = [];
const hear = (error: unknown) => void rejections.push(error);
process.on("unhandledRejection", hear);
afterEach(() => {
  cairn?.destroy();
  rejections.length = 0;
});

async function inPhase(phase: Phase): Promise<Cairn> {
  const page = fakeBrowser({ config });
  const { clock, loadRare } = page.platform;
  cairn = createClient(
    { key: "pk_test", host: "https://cairn.test", debug: true },
    {
      ...page.platform,
      clock: { ...clock, now: () => (isClockBroken ? boom() : clock.now()) },
      loadRare: async () => (isRareBroken ? boom() : loadRare()),
    },
  );
  if (phase !== "before the start") await page.clock.advance(1_000);
  if (phase === "after destroy") cairn.destroy();
  return cairn;
}

describe.each(PHASES)("%s, where the page breaks what a call needs", (phase) => {
  it.each(Object.entries(BROKEN))(
    "the host sees nothing of it in %s",
    async (name, { breakIt, call, phases }) => {
      const cairn = await inPhase(phase);
      const given = GIVEN[name]?.(cairn);
      const mend = breakIt();
      reached = 0;
      let thrown: unknown;
      let answer: unknown;
      try {
        answer = given ? given() : call(cairn);
        // What fails later, fails now.
        if (answer instanceof Promise) answer = await answer;
      } catch (error) {
        thrown = error;
      } finally {
        mend();
      }
      expect(thrown).toBeUndefined();
      if (name === "explain") expect(answer).toMatchObject({ sdk: "", flows: [] });
      // Else nothing has happened here that needed a guard.
      const needs = name === "explain" || (phase !== "after destroy" && (!phases || phases.includes(phase)));
      expect(reached > 0).toBe(needs);
      await settle();
      await new Promise(setImmediate);
      expect(rejections).toEqual([]);
      tried(1);
    },
  );
});

const thrower = new Proxy({}, { get: boom, has: boom });
it.each([
  ["nothing", undefined],
  ["null", null],
  ["a number", 0],
  ["a text", "pk_test"],
  ["a symbol", Symbol("x")],
  ["a list", []],
  ["an empty object", {}],
  ["a function", () => {}],
  ["what throws when it is looked at", thrower],
  ["no definitions", { config: null }],
  ["definitions that are none", { config: 7 }],
  ["definitions that throw", { config: thrower }],
  ["privacy that throws", { config, privacy: thrower }],
  ...hostileArguments().flatMap((one, at): [string, unknown][] => [
    [`argument ${at}`, one],
    [
      `argument ${at} for its parts`,
      { key: one, host: one, config: one, locale: one, consent: one, privacy: one },
    ],
  ]),
])(
  "createCairn() throws nothing where it is given %s, and what it gives can be called",
  async (_, options) => {
    const made = createCairn(options as unknown as CairnOptions);
    expect(Object.keys(made).sort()).toEqual(declaredMethods("Cairn").sort());
    made.track("x");
    await settle();
    made.destroy();
    await new Promise(setImmediate);
    expect(rejections).toEqual([]);
    tried(1);
  },
);

/** Methods of the object that `createApi` returns which nothing stands around. */
function unguarded(text: string): string[] {
  const source = ts.createSourceFile("public-api.ts", text, ts.ScriptTarget.Latest, true);
  const made = source.statements
    .filter(ts.isFunctionDeclaration)
    .find((one) => one.name?.text === "createApi")
    ?.body?.statements.find(ts.isReturnStatement)?.expression;
  if (!made || !ts.isObjectLiteralExpression(made)) throw new Error("no object is returned");
  return made.properties.flatMap((property) => {
    const by =
      ts.isPropertyAssignment(property) && ts.isCallExpression(property.initializer)
        ? property.initializer.expression.getText(source)
        : "";
    return by === "call" || by === "queued" ? [] : (property.name?.getText(source) ?? "…");
  });
}

it("stands around every method as it is written down; one answers with a promise that catches", () => {
  const text = readFileSync(join(import.meta.dirname, "public-api.ts"), "utf8");
  expect(unguarded(text)).toEqual(["explain"]);
  const more = text.replace("    destroy: call(", "    pause: () => core.shutdown(),\n    destroy: call(");
  expect(unguarded(more)).toEqual(["explain", "pause"]);
});

it("is tried here for each declared method", () => {
  expect(
    Object.keys(BROKEN)
      .filter((name) => !(name in GIVEN))
      .sort(),
  ).toEqual(declaredMethods("Cairn").sort());
});
