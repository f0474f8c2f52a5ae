import { describe, expect, it } from "vitest";
import { compile } from "../full.ts";
import { aConfig, aFlow, aStep, createDriver } from "../testing.ts";
import { serialise } from "../user-state.ts";
import { replays } from "./index.ts";

const tour = (id: string, more = {}) =>
  aFlow(id, { kind: "tour", trigger: { event: id }, steps: [aStep("one"), aStep("two")], ...more });
const config = aConfig(
  [
    tour("done", { title: { en: "First steps", ru: "Первые шаги" } }),
    tour("never"),
    tour("pro", { audience: { user: { plan: "pro" } } }),
    tour("news", { category: "news" }),
    tour("named", { title: "For {{user.name}}" }),
    aFlow("tip", { trigger: { event: "tip" } }),
  ],
  { settings: { budget: null } },
);
const env = (now: number) => ({ now, timezone: "UTC", device: { width: 1280, height: 800, touch: false } });

function someone() {
  const page = createDriver({ config });
  page.send({ type: "identify", userId: "u", traits: { plan: "pro", name: "Ann" } });
  page.page("/home");
  for (const flow of ["done", "pro", "news", "named", "tip"]) {
    page.track(flow);
    page.expose(flow);
    page.act(flow, { kind: "close" });
  }
  const list = () => replays(compile(config), page.state, env(page.now));
  return { page, list, names: () => list().map(({ flow }) => flow) };
}

describe("replays", () => {
  it("are the tours that were seen and may be seen, with their titles", () => {
    const { page, list, names } = someone();
    expect(names()).toEqual(["done", "pro", "news", "named"]);
    expect(list()[0]).toEqual({ flow: "done", title: { source: "First steps", values: {} }, locale: "en" });
    expect(list()[3]?.title.values).toEqual({ "user.name": "Ann" });
    page.send({ type: "locale", locale: "ru-RU" });
    expect(list()[0]?.title.source).toBe("Первые шаги");
    expect(list()[1]?.title.source).toBe("Step one");
  });

  it("leave out what audience, categories and pause forbid, what lacks a word, and what is open", () => {
    const { page, names } = someone();
    page.send({ type: "identify", userId: "u", traits: { plan: "free" } });
    expect(names()).toEqual(["done", "news", "named"]);
    page.send({ type: "preferences", categories: { news: false } });
    expect(names()).toEqual(["done", "named"]);
    page.send({ type: "identify", userId: "u", traits: { name: null } });
    expect(names()).toEqual(["done"]);
    page.send({ type: "start", flow: "done" as never });
    expect([...page.screen.keys()]).toEqual(["done"]);
    expect(names()).toEqual([]);
    page.act("done", { kind: "close" });
    expect(names()).toEqual(["done"]);
    page.send({ type: "preferences", paused: true });
    expect(names()).toEqual([]);
  });

  it("are each one that a manual start shows", () => {
    const { page, names } = someone();
    for (const flow of names()) {
      page.send({ type: "start", flow: flow as never });
      expect(page.screen.has(flow)).toBe(true);
    }
  });

  it("leave no trace in the state", () => {
    const { page, list } = someone();
    const before = serialise(page.state);
    list();
    expect(serialise(page.state)).toBe(before);
  });
});
