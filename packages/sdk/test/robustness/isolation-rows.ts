import { type Driver, expectNow, expectSoon, pressButton, shows, start } from "./driver.ts";
import { flowsOf, KINDS, type Kind } from "./kinds.ts";
import type { Row } from "./row.ts";

/** What of a page may not change because a hint is there. */
interface Snapshot {
  readonly html: string;
  readonly values: readonly unknown[];
  readonly globals: readonly string[];
  readonly focus: string;
}

const snapshot = (): Snapshot => {
  const copy = document.documentElement.cloneNode(true) as Element;
  for (const root of copy.querySelectorAll("cairn-root")) root.remove();
  const { body, head, documentElement, adoptedStyleSheets, title, cookie, fullscreenElement } = document;
  const styles = [documentElement, body, ...document.querySelectorAll("#main,#main *,#top,#top *")].map(
    (element) => {
      const { display, position, overflow, margin, padding, zIndex, opacity, pointerEvents, filter } =
        getComputedStyle(element);
      const { x, y, width, height } = element.getBoundingClientRect();
      return [
        display,
        position,
        overflow,
        margin,
        padding,
        zIndex,
        opacity,
        pointerEvents,
        filter,
        x,
        y,
        width,
        height,
      ];
    },
  );
  const natives = [
    History.prototype.pushState,
    Element.prototype.attachShadow,
    EventTarget.prototype.addEventListener,
  ];
  return {
    html: copy.outerHTML,
    values: [
      styles,
      [
        scrollX,
        scrollY,
        history.length,
        JSON.stringify(history.state),
        history.scrollRestoration,
        location.href,
      ],
      [title, cookie, adoptedStyleSheets.length, head.childElementCount, fullscreenElement === null],
      [innerWidth, documentElement.scrollHeight, documentElement.scrollWidth],
      [Object.hasOwn(history, "pushState"), ...natives.map(String)],
      [Object.keys(sessionStorage), `${getSelection()}`, window.name],
    ],
    globals: Object.getOwnPropertyNames(window).sort(),
    focus: window.site.focus(),
  };
};

/** Watches the document for any change but that of Cairn's own element. */
function watch(): void {
  const note = (records: MutationRecord[]) => {
    for (const { type, target, attributeName, addedNodes, removedNodes } of records) {
      const nodes = [...addedNodes, ...removedNodes];
      if (type === "childList" && nodes.every(({ nodeName }) => nodeName === "CAIRN-ROOT")) continue;
      if (target.nodeName === "CAIRN-ROOT") continue;
      window.site.marks.push(`${type} ${attributeName} ${target.nodeName}`);
    }
  };
  new MutationObserver(note).observe(document, {
    subtree: true,
    childList: true,
    attributes: true,
    characterData: true,
  });
}

const same = async (page: Driver, before: Snapshot, focus: boolean) => {
  const { focus: had, ...rest } = before;
  const { focus: has, ...now } = await page.run(snapshot);
  if (JSON.stringify(now) !== JSON.stringify(rest))
    throw new Error(`the page has changed:\n${JSON.stringify(rest)}\n${JSON.stringify(now)}`);
  if (focus && has !== had) throw new Error(`the focus went from ${had} to ${has}`);
  await expectNow(page, [], () => window.site.marks);
};

/** Steps through what has steps. */
const STEPS: { readonly [kind in Kind]: number } = {
  tooltip: 1,
  hotspot: 1,
  tour: 3,
  checklist: 1,
  modal: 2,
  slideout: 2,
  banner: 1,
};

const isolated = (kind: Kind): Row => ({
  id: `isolation: ${kind}`,
  fact: "while it opens, steps and closes, no attribute, class, style, place, focus, scroll position, history or global of the page changes",
  async test(page) {
    await page.run(() => window.site.byId("search")?.focus());
    await start(page, flowsOf("light"));
    await page.run(watch);
    const before = await page.run(snapshot);
    // A modal takes the focus, and gives it back.
    const keepsFocus = kind !== "modal";
    await page.run((id) => window.site.cairn?.start(id), kind);
    await shows(page, 1);
    await same(page, before, keepsFocus);
    if (kind === "hotspot") {
      const beacon = await page.run(() => window.site.beacon());
      if (beacon) await page.click(beacon);
      await shows(page, 1);
      await same(page, before, keepsFocus);
    }
    for (let n = 1; n < STEPS[kind]; n++) {
      await pressButton(page, "Go on");
      await expectSoon(
        page,
        true,
        (title: string) => window.site.text().includes(title),
        `Step ${["one", "two", "three"][n]}`,
      );
      await shows(page, 1);
      await same(page, before, keepsFocus);
    }
    await page.run(() => window.site.cairn?.stop());
    await expectSoon(page, 0, () => window.site.left());
    await same(page, before, true);
    await page.run(() => window.site.cairn?.destroy());
    await same(page, before, true);
  },
});

const clean = (kind: Kind): Row => ({
  id: `CSP: ${kind}`,
  fact: "it breaks neither a strict CSP nor trusted-types 'none', light or dark",
  async test(page) {
    await expectNow(page, true, async () => {
      const policy = (await fetch(location.href)).headers.get("content-security-policy") ?? "";
      return policy.includes("trusted-types 'none'") && policy.includes("default-src 'none'");
    });
    for (const mode of ["light", "dark"] as const) {
      await start(page, flowsOf(mode));
      await page.run((id) => window.site.cairn?.start(id), kind);
      await shows(page, 1);
      for (let n = 1; n < STEPS[kind]; n++) await pressButton(page, "Go on");
      await shows(page, 1);
      await page.run(() => new Promise((done) => requestAnimationFrame(() => setTimeout(done, 20))));
      await expectNow(page, [], () => window.site.violations);
      // Left open, it would go on where it was.
      await page.run(() => window.site.cairn?.stop());
      await expectSoon(page, 0, () => window.site.left());
      await page.run(() => window.site.cairn?.destroy());
    }
    // And a breach would have been heard.
    await page.run(() => document.createElement("i").setAttribute("style", "color:red"));
    await expectSoon(page, 1, () => window.site.violations.length);
    await page.run(() => void window.site.violations.splice(0));
  },
});

export const isolationRows: readonly Row[] = KINDS.map(isolated);
export const policyRows: readonly Row[] = KINDS.map(clean);
