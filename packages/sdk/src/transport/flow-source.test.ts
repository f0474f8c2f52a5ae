import type { Config } from "@cairn/flow-schema";
import { describe, expect, it } from "vitest";
import { createFakeClock } from "../testing.ts";
import { createFlowSource } from "./flow-source.ts";
import { createRequest } from "./request.ts";

function setUp(answers: (() => Response | Promise<Response>)[]) {
  const clock = createFakeClock();
  const applied: Config[] = [];
  const asked: [string, RequestInit | undefined][] = [];
  let visible = true;
  const fetch = async (url: unknown, init?: RequestInit) => {
    asked.push([String(url), init]);
    const answer = answers[Math.min(asked.length, answers.length) - 1];
    if (!answer) throw new Error("offline");
    return answer();
  };
  const source = createFlowSource({
    request: createRequest({ fetch, clock, host: "https://cairn.test" }),
    clock,
    key: "pk/1",
    isVisible: () => visible,
    apply: (config) => applied.push(config),
  });
  return { clock, applied, asked, source, setVisible: (value: boolean) => (visible = value) };
}
const config = (n: number) => () =>
  new Response(JSON.stringify({ schemaVersion: 1, flows: [], environment: `${n}` }));

describe("published definitions", () => {
  it("are fetched without credentials and checked with the server", async () => {
    const { asked, source } = setUp([config(1)]);
    await source.refresh();
    expect(asked[0]?.[0]).toBe("https://cairn.test/v1/config?key=pk%2F1");
    expect(asked[0]?.[1]).toMatchObject({ cache: "no-cache", credentials: "omit" });
    expect(asked[0]?.[1]?.headers).toBeUndefined();
  });

  it("are applied again only when they have changed", async () => {
    const { applied, source } = setUp([config(1), config(1), config(2)]);
    for (let i = 0; i < 3; i++) await source.refresh();
    expect(applied.map(({ environment }) => environment)).toEqual(["1", "2"]);
  });

  it("are asked for every five minutes while somebody looks", async () => {
    const { clock, asked, source, setVisible } = setUp([config(1)]);
    await source.refresh();
    await clock.advance(300_000);
    await clock.advance(300_000);
    expect(asked).toHaveLength(3);
    setVisible(false);
    await clock.advance(3_600_000);
    expect(asked).toHaveLength(3);
    source.visible();
    expect(asked).toHaveLength(4);
    await clock.advance(60_000);
    source.visible();
    expect(asked).toHaveLength(4);
    source.dispose();
    await clock.advance(3_600_000);
    source.visible();
    expect(asked).toHaveLength(4);
  });

  const failures: [name: string, answer: () => Response | Promise<Response>][] = [
    ["no network", () => Promise.reject(new TypeError("failed to fetch"))],
    ["html", () => new Response("<html>")],
    ["half an answer", () => new Response('{"schemaVersion":1,"flo')],
    ["nothing", () => new Response("")],
    ["null", () => new Response("null")],
    ["another version", () => new Response('{"schemaVersion":2,"flows":[]}')],
    ["no flows", () => new Response('{"schemaVersion":1}')],
    ["401", () => new Response("{}", { status: 401 })],
    ["500", () => new Response("{}", { status: 500 })],
  ];
  it.each(failures)("stay as they were after %s", async (_, failure) => {
    const { applied, source } = setUp([config(1), failure, config(2)]);
    await source.refresh();
    await expect(source.refresh()).resolves.toBeUndefined();
    expect(applied).toHaveLength(1);
    await source.refresh();
    expect(applied).toHaveLength(2);
  });

  it("are given up after ten seconds of silence", async () => {
    const { clock, asked, source } = setUp([]);
    const fetch = (_: unknown, init?: RequestInit) =>
      new Promise<Response>((__, reject) => init?.signal?.addEventListener("abort", reject));
    const never = createFlowSource({
      request: createRequest({ fetch, clock, host: "" }),
      clock,
      key: "",
      isVisible: () => true,
      apply: () => {},
    });
    let done = false;
    never.refresh().then(() => {
      done = true;
    });
    await clock.advance(9_999);
    expect(done).toBe(false);
    await clock.advance(1);
    expect(done).toBe(true);
    expect(asked).toEqual([]);
    source.dispose();
  });
});
