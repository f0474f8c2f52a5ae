import { expect, type Page, test } from "@playwright/test";
import { openSdkPage } from "../content/sdk-page.ts";

/**
 * What Cairn's own callbacks throw ends in Cairn: the hint goes, it is told once, and the third time within a minute
 * Cairn goes for good. Each row breaks something of the page's that only that callback uses, with a hint on screen.
 */
interface Row {
  readonly name: string;
  /** In the page: breaks it. */
  breakIt(): void;
  /** Has the callback called. */
  call(page: Page): Promise<unknown>;
}
const rows: readonly Row[] = [
  {
    name: "a key handler",
    breakIt() {
      const path = Event.prototype.composedPath;
      // Once: others of Cairn's listen, too.
      Event.prototype.composedPath = () => {
        Event.prototype.composedPath = path;
        throw new Error("broken");
      };
    },
    call: (page) => page.keyboard.press("a"),
  },
  {
    name: "a focus handler",
    breakIt() {
      Object.defineProperty(Document.prototype, "activeElement", {
        get() {
          throw new Error("broken");
        },
      });
    },
    async call(page) {
      // The chunk that steps aside comes with the first of them.
      await page.keyboard.press("Tab");
      await page.keyboard.press("Tab");
    },
  },
  {
    name: "an observer of the target",
    breakIt() {
      Element.prototype.checkVisibility = () => {
        throw new Error("broken");
      };
    },
    async call(page) {
      await page.evaluate(() => scrollTo(0, 3_000));
      // Away with its target, or gone already: more than one asks whether it is visible.
      await page.waitForFunction(() => {
        const root = document.querySelector("cairn-root");
        return !root || root.shadowRoot?.querySelector(".card[data-away]");
      });
      await page.evaluate(() => scrollTo(0, 0));
    },
  },
  {
    name: "an observer of the page",
    breakIt() {
      Document.prototype.elementFromPoint = () => {
        throw new Error("broken");
      };
    },
    call: (page) => page.evaluate(() => document.body.append(document.createElement("i"))),
  },
  {
    name: "a scroll handler",
    breakIt() {
      Element.prototype.getBoundingClientRect = () => {
        throw new Error("broken");
      };
    },
    call: (page) => page.evaluate(() => scrollTo(0, 5)),
  },
];

const root = (page: Page) => page.locator("cairn-root");
const open = (page: Page, id: string) =>
  page.evaluate((flow) => window.cairn.start(flow, { force: true }), id);

/** In the page: counts what listens on the window, the document and media queries. */
function countListeners(): void {
  const listening = new Map<string, Set<unknown>>();
  const { addEventListener: add, removeEventListener: remove } = EventTarget.prototype;
  const known = (target: EventTarget, [type, , options]: Parameters<typeof remove>) => {
    const capture = typeof options === "object" ? !!options.capture : !!options;
    const name = [Window, Document, MediaQueryList].find((one) => target instanceof one)?.name;
    const key = `${name} ${type} ${capture}`;
    const heard = listening.get(key) ?? new Set();
    if (name) listening.set(key, heard);
    return heard;
  };
  EventTarget.prototype.addEventListener = function (this: EventTarget, ...args: Parameters<typeof add>) {
    known(this ?? window, args).add(args[1]);
    add.apply(this, args);
  } as typeof add;
  EventTarget.prototype.removeEventListener = function (
    this: EventTarget,
    ...args: Parameters<typeof remove>
  ) {
    known(this ?? window, args).delete(args[1]);
    remove.apply(this, args);
  } as typeof remove;
  window.listening = () =>
    JSON.stringify(
      [...listening].flatMap(([key, heard]) => (heard.size ? `${key} ${heard.size}` : [])).sort(),
    );
}
declare global {
  interface Window {
    cairn: ReturnType<Window["createCairn"]>;
    listening(): string;
  }
}

/** A page with three hints at hand, one of which can be open at a time. */
async function start(page: Page): Promise<string> {
  await page.addInitScript(countListeners);
  await openSdkPage(page);
  return page.evaluate(() => {
    document.body.style.height = "4000px";
    const flows = ["one", "two", "three"].map((id) => ({
      schemaVersion: 1,
      id,
      kind: "tooltip",
      steps: [{ id: "s", target: { anchor: "here" }, title: "T" }],
    }));
    const before = window.listening();
    window.cairn = window.createCairn({
      config: { schemaVersion: 1, environment: "contained", flows, settings: { budget: null } } as never,
    });
    return before;
  });
}

for (const { name, breakIt, call } of rows)
  test(`${name} that throws costs the host no error, and the hint`, async ({ page }) => {
    await start(page);
    await open(page, "one");
    await expect(root(page).locator(".card[data-placed]")).toBeVisible();
    await page.evaluate(breakIt);
    await call(page);
    await expect(root(page)).toHaveCount(0);
    expect(await page.evaluate(() => window.mishaps)).toEqual([]);
    expect(await page.evaluate(async () => (await window.cairn.explain()).errors)).toContain("ui");
  });

test("the third of Cairn's own errors takes everything off the page, and all its listeners", async ({
  page,
}) => {
  const before = await start(page);
  for (const id of ["one", "two", "three"]) {
    await open(page, id);
    await expect(root(page).locator(".card[data-placed]")).toBeVisible();
    const isOn = await page.evaluate(() => window.listening());
    expect(isOn).not.toBe(before);
    await page.evaluate(() => {
      const path = Event.prototype.composedPath;
      Event.prototype.composedPath = () => {
        Event.prototype.composedPath = path;
        throw new Error("broken");
      };
    });
    await page.keyboard.press("a");
    await expect(root(page)).toHaveCount(0);
  }
  await expect.poll(() => page.evaluate(() => window.listening())).toBe(before);
  await open(page, "one");
  // Another on the same page, which is asked later, shows its hint: by then the first would have.
  await page.evaluate(() => {
    const steps = [{ id: "s", target: { anchor: "here" }, title: "Of another" }];
    const flows = [{ schemaVersion: 1, id: "other", kind: "tooltip", trigger: { event: "never" }, steps }];
    window
      .createCairn({
        config: { schemaVersion: 1, environment: "other", flows, settings: { budget: null } } as never,
      })
      .start("other", { force: true });
  });
  await expect(root(page).locator(".card[data-placed]")).toContainText("Of another");
  await expect(root(page)).toHaveCount(1);
  expect(await page.evaluate(() => window.mishaps)).toEqual([]);
});

test("destroy takes the hint and all listeners off a page that has broken what closing it needs", async ({
  page,
}) => {
  const before = await start(page);
  await open(page, "one");
  await expect(root(page).locator(".card[data-placed]")).toBeVisible();
  await page.evaluate(() => {
    Object.defineProperty(ShadowRoot.prototype, "activeElement", {
      get() {
        throw new Error("broken");
      },
    });
    window.cairn.destroy();
  });
  await expect(root(page)).toHaveCount(0);
  await expect.poll(() => page.evaluate(() => window.listening())).toBe(before);
  expect(await page.evaluate(() => window.mishaps)).toEqual([]);
});
