import { expect, type Page, test } from "@playwright/test";
import { click, PRESS, STATES } from "./states.ts";

const open = (page: Page, query = "") => page.goto(`${process.env.CAIRN_GALLERY}?${query}`);
const hint = (page: Page) => page.locator("cairn-root .hint");

test("at 400 % zoom every state fits, scrolls one way only, and can be closed", async ({ page }) => {
  // 1,280 × 1,024 pixels at 400 %.
  await page.setViewportSize({ width: 320, height: 256 });
  await page.emulateMedia({ reducedMotion: "reduce" });
  await open(page, "bare");
  const wrong: string[] = [];
  let looked = 0;
  for (const locale of ["ru", "ar"] as const)
    for (const [name, { show, seen }] of Object.entries(STATES)) {
      await page.evaluate((tag) => window.gallery.ui.setLocale(tag), locale);
      await page.evaluate(show, { locale });
      await page.locator("cairn-root [data-run]").first().waitFor({ state: "attached" });
      const press = PRESS[name];
      if (press !== undefined) await page.evaluate(click, press);
      await page.locator(`cairn-root ${seen}`).first().waitFor({ state: "attached" });
      const shape = () =>
        page.evaluate(() => {
          const root = document.querySelector("cairn-root")?.shadowRoot;
          const top = [...(root?.querySelectorAll<HTMLElement>(".hint,.beacon") ?? [])].at(-1);
          const box = (top?.querySelector(".surface") ?? top)?.getBoundingClientRect();
          if (!root || !top || !box) return "nothing there";
          if (box.left < 0 || box.top < 0 || box.right > innerWidth || box.bottom > innerHeight)
            return `out of view ${JSON.stringify(box)}`;
          for (const one of top.querySelectorAll<HTMLElement>(".scroll,.list"))
            if (one.scrollWidth > one.clientWidth) return `scrolls sideways ${one.className}`;
          const close = top.querySelector(".x,.toggle") ?? top;
          const at = close.getBoundingClientRect();
          const hit = root.elementFromPoint(at.x + at.width / 2, at.y + at.height / 2);
          return close.contains(hit) ? "" : `no way to close, but ${hit?.className}`;
        });
      // A target out of view is scrolled into it first.
      await expect
        .poll(shape, { timeout: 5_000 })
        .toBe("")
        .catch(async () => wrong.push(`${name} ${locale}: ${await shape()}`));
      looked++;
      await page.evaluate(() => window.gallery.ui.dispose());
      await page.evaluate(() => scrollTo(0, 0));
    }
  expect(wrong).toEqual([]);
  expect(looked).toBe(Object.keys(STATES).length * 2);
});

/** In the page: the lines of words in the topmost hint that no way of scrolling it brings into view. */
function unreadable(): string[] {
  const root = document.querySelector("cairn-root")?.shadowRoot;
  const scroll = root?.querySelector(".hint .scroll");
  if (!root || !scroll) return ["nothing there"];
  const lines = [...scroll.querySelectorAll(".title,.prose>:not(ul),.prose li,.button")].flatMap((words) => {
    const range = document.createRange();
    range.selectNodeContents(words);
    return [...range.getClientRects()].map((_, at) => ({ words, range, at }));
  });
  const seen = new Set<(typeof lines)[number]>();
  for (scroll.scrollTop = 0; ; ) {
    for (const line of lines) {
      const { x, y, width, height } = line.range.getClientRects()[line.at] ?? new DOMRect();
      const isHit = (down: number) => {
        const hit = root.elementFromPoint(x + width / 2, y + height * down);
        return !!hit && (line.words.contains(hit) || (hit.contains(line.words) && hit.closest(".scroll")));
      };
      if (isHit(0.2) && isHit(0.8)) seen.add(line);
    }
    const before = scroll.scrollTop;
    scroll.scrollTop += 5;
    if (scroll.scrollTop === before) break;
  }
  return lines.filter((line) => !seen.has(line)).map(({ words, at }) => `${at} ${words.textContent}`);
}

test("at 400 % zoom, and with long answers on a phone, every line can be scrolled into view", async ({
  page,
}) => {
  await page.emulateMedia({ reducedMotion: "reduce" });
  await open(page, "bare");
  await page.evaluate(() => window.gallery.ui.setLocale("ru"));
  const hidden: string[] = [];
  const look = async (name: string) => {
    await page.locator("cairn-root .hint .scroll").waitFor();
    for (const line of await page.evaluate(unreadable)) hidden.push(`${name}: ${line}`);
    await page.evaluate(() => window.gallery.ui.dispose());
  };
  await page.setViewportSize({ width: 320, height: 256 });
  const states = [
    "tooltip",
    "tooltip, rich",
    "tour at a target",
    "modal",
    "modal, picture",
    "slideout",
    "choice",
  ];
  for (const name of states) {
    await page.evaluate(STATES[name]?.show ?? (() => {}), { locale: "ru" } as const);
    await look(name);
  }
  await page.setViewportSize({ width: 320, height: 568 });
  for (const kind of ["tooltip", "modal", "slideout"] as const) {
    await page.evaluate((name) => {
      const { run, flow, step, ...view } = window.gallery.views.tooltip({ locale: "ru" });
      if (!step) return;
      const label = { source: "Автоматизировать сверку взаиморасчётов с контрагентами", values: {} };
      const actions = Array.from({ length: 6 }, (_, n) => ({ id: `answer-${n}`, label, style: "secondary" }));
      window.gallery.show({ ...view, run, flow, kind: name, step: { ...step, actions } } as never);
    }, kind);
    await look(`${kind}, six answers`);
  }
  expect(hidden).toEqual([]);
});

test.describe("a page that is zoomed by its own style", () => {
  for (const css of ["html{zoom:1.5}", "body{zoom:.8}", "body{transform:scale(.9);transform-origin:0 0}"])
    test(`has hint and ring where its target is: ${css}`, async ({ page }) => {
      await open(page, "bare&show=tour");
      await expect(hint(page)).toBeVisible();
      await page.evaluate((text) => {
        const sheet = new CSSStyleSheet();
        sheet.replaceSync(text);
        document.adoptedStyleSheets = [sheet];
      }, css);
      const gaps = () =>
        page.evaluate(() => {
          const root = document.querySelector("cairn-root")?.shadowRoot;
          const [target, spot, card] = [
            document.querySelector("#export"),
            root?.querySelector(".spot"),
            root?.querySelector(".card"),
          ].map((one) => one?.getBoundingClientRect());
          if (!target || !spot || !card) return "nothing there";
          const around = [
            target.left - spot.left,
            target.top - spot.top,
            spot.right - target.right,
            spot.bottom - target.bottom,
          ];
          const below = card.top - target.bottom;
          const isBeside = card.left < target.right && card.right > target.left && below > 6 && below < 20;
          return around.every((gap) => gap > 2 && gap < 8) && isBeside ? "" : `${around} ${below}`;
        });
      await expect.poll(gaps).toBe("");
    });
});

test.describe("what has the keyboard's focus on the page is not hidden", () => {
  const covered = (page: Page, selector: string) =>
    page.evaluate((wanted) => {
      const root = document.querySelector("cairn-root")?.shadowRoot;
      const [a, b] = [document.querySelector(wanted), root?.querySelector(".hint")].map((one) =>
        one?.getBoundingClientRect(),
      );
      const overlaps = a && b && a.top < b.bottom && b.top < a.bottom && a.left < b.right && b.left < a.right;
      const card = root?.querySelector(".hint");
      return !!overlaps && !!card && Number(getComputedStyle(card).opacity) > 0.5;
    }, selector);
  /** A field under the hint, reached by Tab from the one before it. */
  const under = (page: Page) =>
    page.evaluate(() => {
      const box = document
        .querySelector("cairn-root")
        ?.shadowRoot?.querySelector(".hint")
        ?.getBoundingClientRect();
      for (const id of ["before", "under"]) {
        const field = document.createElement("input");
        field.id = id;
        field.setAttribute("aria-label", id);
        Object.assign(field.style, {
          position: "fixed",
          width: "90px",
          left: id === "under" && box ? `${box.x + box.width / 2 - 45}px` : "0",
          top: id === "under" && box ? `${box.y + box.height / 2 - 15}px` : "0",
        });
        document.body.append(field);
      }
    });

  for (const kind of ["tooltip", "checklist", "slideout", "banner"])
    test(`under a ${kind}`, async ({ page }) => {
      await open(page, `bare&show=${kind}`);
      await expect(hint(page)).toBeVisible();
      await under(page);
      // Once it has come in.
      await expect.poll(() => covered(page, "#under")).toBe(true);
      await page.locator("#before").focus();
      await page.keyboard.press("Tab");
      await expect(page.locator("#under")).toBeFocused();
      await expect.poll(() => covered(page, "#under")).toBe(false);
      // The hint is still there to be read.
      await hint(page).hover();
      await expect.poll(() => hint(page).evaluate((one) => getComputedStyle(one).opacity)).toBe("1");
      await page.keyboard.press("Shift+Tab");
      await page.mouse.move(0, 0);
      await expect.poll(() => hint(page).evaluate((one) => getComputedStyle(one).opacity)).toBe("1");
    });
});
