// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createFakeClock, type FakeClock } from "../testing.ts";
import { createListen } from "./listen.ts";
import { createMutations, type Mutations } from "./mutations.ts";
import { createTargetObserver, type Sighting } from "./observe-target.ts";

let clock: FakeClock;
let mutations: Mutations;
/** What the stopwatch says. */
let time = 0;
/** happy-dom delivers mutation records in a task of its own. */
const delivered = () => new Promise((resolve) => setTimeout(resolve, 0));

beforeEach(() => {
  document.body.innerHTML = "";
  clock = createFakeClock();
  time = 0;
  mutations = createMutations({
    document,
    clock,
    guard: (fn) => fn,
    listen: createListen((fn) => fn()),
    stopwatch: () => time,
  });
});
afterEach(() => mutations.dispose());

describe("watching the page", () => {
  it("looks once after a burst of changes, and not at all on a still page", async () => {
    let looks = 0;
    mutations.watch(() => looks++);
    for (let i = 0; i < 100; i++) document.body.append(document.createElement("i"));
    await delivered();
    await clock.advance(50);
    expect(looks).toBe(1);
    await clock.advance(600_000);
    expect(looks).toBe(1);
    expect(clock.pending()).toBe(0);
  });

  it("rests four hundred times as long as a look took, two seconds at most", async () => {
    const looks: number[] = [];
    const begin = clock.now();
    mutations.watch(() => {
      looks.push(clock.now() - begin);
      time += looks.length > 5 ? 100 : 2;
    });
    for (let i = 0; i < 1_000; i++) {
      mutations.nudge();
      await clock.advance(10);
    }
    // 50 ms before the first look, 800 ms after each look of two.
    expect(looks).toEqual([50, 850, 1_650, 2_450, 3_250, 4_050, 6_050, 8_050]);
  });

  it("stops listening with its last watcher", async () => {
    let looks = 0;
    const stop = mutations.watch(() => looks++);
    stop();
    document.body.append(document.createElement("i"));
    await delivered();
    await clock.advance(1_000);
    expect(looks).toBe(0);
  });
});

describe("watching targets", () => {
  it("tells at once what is there, then only what has changed", async () => {
    const told: Sighting[][] = [];
    const observer = createTargetObserver({
      mutations,
      changed: (sightings) => told.push(sightings),
    });
    const button = document.createElement("button");
    button.dataset.cairn = "export";
    // happy-dom has no layout.
    button.getBoundingClientRect = () => new DOMRect(0, 0, 10, 10);
    const first = observer.watch([
      { key: "export", target: { anchor: "export" } },
      { key: "other", target: { anchor: "other" } },
    ]);
    expect(first.map(({ key, found }) => [key, found])).toEqual([
      ["export", false],
      ["other", false],
    ]);

    document.body.append(button);
    await delivered();
    await clock.advance(50);
    expect(told).toEqual([
      [{ key: "export", found: true, rank: 0, present: true, visible: true, enabled: true }],
    ]);

    button.disabled = true;
    await delivered();
    await clock.advance(1_000);
    expect(told[1]?.[0]).toMatchObject({ found: true, enabled: false });

    document.body.append(document.createElement("i"));
    await delivered();
    await clock.advance(1_000);
    expect(told).toHaveLength(2);

    observer.watch([]);
    button.remove();
    await delivered();
    await clock.advance(1_000);
    expect(told).toHaveLength(2);
  });

  it("finds what stands in a shadow root that came later, or in one within it", async () => {
    const told: Sighting[][] = [];
    const observer = createTargetObserver({ mutations, changed: (sightings) => told.push(sightings) });
    const target = { key: "x", target: { fallback: ["section > .save"] } };
    expect(observer.watch([target])[0]?.found).toBe(false);
    const outer = document.createElement("div");
    document.body.append(outer);
    const inner = outer.attachShadow({ mode: "open" }).appendChild(document.createElement("div"));
    const shadow = inner.attachShadow({ mode: "open" });
    shadow.innerHTML = `<section><button class="save">Save</button></section>`;
    const button = shadow.querySelector("button") as Element;
    button.getBoundingClientRect = () => new DOMRect(0, 0, 10, 10);
    await delivered();
    await clock.advance(50);
    expect(told.flat().map(({ found, rank }) => [found, rank])).toEqual([[true, 1]]);
    // And what changes in there is noticed from now on.
    button.remove();
    await delivered();
    await clock.advance(50);
    expect(told.flat().at(-1)?.found).toBe(false);
    observer.dispose();
  });

  it("looks for trees again only when its rest is over, and then even on a still page", async () => {
    document.body.innerHTML = "<p></p>";
    let walks = 0;
    // A walk that takes two milliseconds.
    const queried = document.querySelectorAll.bind(document);
    const slow = (selector: string) => {
      if (selector === "*") {
        walks++;
        time += 2;
      }
      return queried(selector);
    };
    Object.assign(document, { querySelectorAll: slow });
    const observer = createTargetObserver({ mutations, changed: () => {} });
    observer.watch([{ key: "x", target: { anchor: "nowhere" } }]);
    expect(walks).toBe(1);
    for (let ms = 0; ms < 2_000; ms += 10) {
      time += 10;
      if (ms < 200) document.body.append(document.createElement("i"));
      await delivered();
      await clock.advance(10);
    }
    expect(walks).toBe(2);
    expect(clock.pending()).toBe(0);
    observer.dispose();
    Reflect.deleteProperty(document, "querySelectorAll");
  });

  it("does not take Cairn's own tree for the page's", async () => {
    const root = document.body.appendChild(document.createElement("cairn-root"));
    root.attachShadow({ mode: "open" }).innerHTML = `<i data-cairn="x"></i>`;
    expect(mutations.find({ anchor: "x" }, () => true)).toBe(null);
    expect(mutations.trees()).toEqual([document]);
  });
});
