import { expectNow, expectSoon, hint, pointsAt, pressButton, shows, start } from "./driver.ts";
import type { Row } from "./row.ts";

const HOSTILE = {
  unset: "*{all:unset!important}",
  static: "div,dialog,cairn-root{position:static!important}",
  "no buttons": "button{display:none!important}",
  "huge fonts": "*{font-size:60px!important;line-height:3!important;letter-spacing:1em!important}",
  "hidden unknown elements":
    ":not(:defined),cairn-root,[popover]{display:none!important;opacity:0!important;visibility:hidden!important;transform:scale(0)!important}",
};

/** The size of the card, which no rule of the page changes. */
const size = () => {
  const { width = 0, height = 0 } = window.site.card() ?? {};
  return [Math.round(width), Math.round(height)];
};

/** What the page is, and stays. */
export const pageRows: readonly Row[] = [
  ...Object.entries(HOSTILE).map(
    ([name, css]): Row => ({
      id: `hostile CSS: ${name}`,
      fact: "a hint keeps size, place and clickability, and so does its root in the page",
      async test(page) {
        await start(page, [hint(null)]);
        await shows(page, 1);
        const before = await page.run(size);
        await page.run((text) => window.site.style(text), css);
        await expectNow(page, before, size);
        await pressButton(page, "Got it");
        await expectSoon(page, 0, () => window.site.left());
      },
    }),
  ),
  {
    id: "focus",
    fact: "opening, moving and closing a hint moves neither focus nor caret nor selection, and typing goes on",
    async test(page) {
      await page.run(() => window.site.byId("search")?.focus());
      await page.type("invoi");
      await page.run(() => window.site.byId<HTMLInputElement>("search")?.setSelectionRange(1, 3));
      const caret = () => {
        const { selectionStart, selectionEnd, value } = window.site.byId<HTMLInputElement>(
          "search",
        ) as HTMLInputElement;
        return [window.site.focus(), selectionStart, selectionEnd, value];
      };
      await start(page, [hint({ anchor: "export" }, { trigger: { event: "go" } })], {
        settings: { guard: { typing: false, selection: false } },
      });
      await page.run(() => window.site.cairn?.track("go"));
      await pointsAt(page, "export");
      await expectNow(page, ["search", 1, 3, "invoi"], caret);
      await page.press("End");
      await page.type("ces");
      await expectNow(page, ["search", 8, 8, "invoices"], caret);
      await pressButton(page, "Got it");
      await expectSoon(page, 0, () => window.site.left());
      await expectNow(page, ["search", 8, 8, "invoices"], caret);
      await page.type("!");
      await expectNow(page, ["search", 9, 9, "invoices!"], caret);
    },
  },
  {
    id: "keys",
    fact: "Tab, Escape, Enter and letters stay the page's while a hint is open",
    async test(page) {
      await start(page, [hint({ anchor: "export" })]);
      await pointsAt(page, "export");
      await page.run(() => {
        window.site.byId("search")?.focus();
        document.addEventListener("keydown", ({ key, defaultPrevented }) =>
          window.site.marks.push(`${key} ${defaultPrevented}`),
        );
      });
      for (const key of ["Escape", "Enter", "k", "Tab"]) await page.press(key);
      await expectSoon(
        page,
        ["Escape false", "Enter false", "k false", "Tab false"],
        () => window.site.marks,
      );
      await expectNow(page, ["open-dialog", 1], () => [window.site.focus(), window.site.shown()]);
    },
  },
  {
    id: "works in both browsers",
    fact: "the browser under test is the one that its name says",
    async test(page) {
      await expectNow(page, page.browser === "firefox", () => /Firefox\//.test(navigator.userAgent));
      await expectNow(page, page.browser === "chromium", () => /Chrome\//.test(navigator.userAgent));
    },
  },
];
