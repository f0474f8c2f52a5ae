// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createFakeClock, type FakeClock, settle } from "../testing.ts";
import { createListen } from "./listen.ts";
import { watchUrl } from "./watch-url.ts";
import { wrapHistory } from "./wrap-history.ts";

const goTo = (url: string) =>
  (window as unknown as { happyDOM: { setURL(url: string): void } }).happyDOM.setURL(url);
let clock: FakeClock;
let urls: string[];
let stop: () => void;
const own = { push: history.pushState, replace: history.replaceState };

function begin(): void {
  stop = watchUrl({
    window,
    clock,
    guard: (fn) => fn,
    listen: createListen((fn) => fn()),
    loadRare: async () => ({ wrapHistory }),
    changed: () => void urls.push(location.pathname + location.hash),
  });
}
beforeEach(() => {
  goTo("https://app.test/start");
  clock = createFakeClock();
  urls = [];
  begin();
});
afterEach(() => {
  stop();
  history.pushState = own.push;
  history.replaceState = own.replace;
});

describe("changes of the address, without the Navigation API", () => {
  it("are told for pushState, replaceState and hash, after the host's own turn", async () => {
    history.pushState({}, "", "/a");
    expect(urls).toEqual([]);
    await clock.advance(0);
    history.replaceState({}, "", "/b");
    await clock.advance(0);
    goTo("https://app.test/b#c");
    window.dispatchEvent(new Event("hashchange"));
    await clock.advance(0);
    expect(urls).toEqual(["/a", "/b", "/b#c"]);
  });

  it("are told once for several in one turn, and not where the address stays", async () => {
    history.pushState({}, "", "/a");
    history.replaceState({}, "", "/b");
    history.replaceState({ n: 1 }, "", "/b");
    await clock.advance(0);
    history.replaceState({ n: 2 }, "", "/b");
    await clock.advance(0);
    expect(urls).toEqual(["/b"]);
  });

  it("leave the host's own wrapper its arguments, its result and its errors", async () => {
    stop();
    const seen: unknown[] = [];
    history.pushState = function (this: History, ...args: unknown[]) {
      seen.push(this === history, args);
      if (args[2] === "/bad") throw new Error("host");
      return "result" as unknown as undefined;
    };
    const theirs = history.pushState;
    begin();
    await settle();
    expect(history.pushState).not.toBe(theirs);
    expect(history.pushState({ s: 1 }, "", "/x")).toBe("result");
    expect(seen).toEqual([true, [{ s: 1 }, "", "/x"]]);
    expect(() => history.pushState({}, "", "/bad")).toThrow("host");
  });

  it("are no longer listened for after dispose, which puts back what stood there", async () => {
    stop();
    expect(history.pushState).toBe(own.push);
    history.pushState({}, "", "/a");
    window.dispatchEvent(new Event("popstate"));
    await clock.advance(0);
    expect(urls).toEqual([]);
  });

  it("stay silent after dispose where somebody has wrapped the functions since", async () => {
    const ours = history.pushState;
    const theirs = function (this: History, ...args: Parameters<History["pushState"]>) {
      return ours.apply(this, args);
    };
    history.pushState = theirs;
    stop();
    expect(history.pushState).toBe(theirs);
    history.pushState({}, "", "/a");
    await clock.advance(0);
    expect(urls).toEqual([]);
  });
});

describe("changes of the address, with the Navigation API", () => {
  it("need nothing of the host's history to be touched", async () => {
    stop();
    const navigation = new EventTarget();
    Object.assign(window, { navigation });
    begin();
    expect(history.pushState).toBe(own.push);
    history.pushState({}, "", "/nav");
    navigation.dispatchEvent(new Event("currententrychange"));
    await clock.advance(0);
    expect(urls).toEqual(["/nav"]);
    Reflect.deleteProperty(window, "navigation");
  });
});
