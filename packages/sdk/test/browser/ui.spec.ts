import { expect, type Locator, type Page, test } from "@playwright/test";
import type { Gallery } from "../../../../examples/gallery/gallery.ts";

declare global {
  interface Window {
    gallery: Gallery;
    marks: string[];
  }
}

const open = (page: Page, query = "") => page.goto(`${process.env.CAIRN_GALLERY}?${query}`);
const card = (page: Page) => page.locator("cairn-root .card");
const acts = (page: Page) => page.evaluate(() => window.gallery.acts.map((each) => each.act));

/** Adds rules to the host page without inline styles, which its policy forbids. */
const style = (page: Page, css: string) =>
  page.evaluate((text) => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(text);
    document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
  }, css);

/** Whether the hint's close button is what a press at its middle would hit. */
const hittable = (page: Page, selector = ".x") =>
  page.evaluate((wanted) => {
    const root = document.querySelector("cairn-root")?.shadowRoot;
    const box = root?.querySelector(wanted)?.getBoundingClientRect();
    if (!root || !box) return false;
    const hit = root.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
    return hit?.closest(wanted) !== null && hit?.closest(wanted) !== undefined;
  }, selector);

/** Whether the card stands right below the target, with room for the arrow and no more. */
const isBelow = async (page: Page, target: string | Locator) => {
  const element = typeof target === "string" ? page.locator(target) : target;
  const [a, b] = [await element.boundingBox(), await card(page).boundingBox()];
  return (
    a !== null &&
    b !== null &&
    Math.abs(b.y - (a.y + a.height) - 12) <= 1 &&
    b.x < a.x + a.width &&
    a.x < b.x + b.width
  );
};

test.describe("on a hostile page", () => {
  const sheets = {
    "*{all:unset!important}": "*{all:unset!important}",
    "static divs, no buttons, huge fonts":
      "div,dialog{position:static!important}button{display:none!important}*{font-size:60px!important;letter-spacing:2em!important}",
    "hidden unknown elements":
      ":not(:defined){display:none!important;opacity:0!important;visibility:hidden!important}",
    "important layers":
      "@layer a{*{display:none!important;transform:scale(3)!important}html,body,main,section,button{display:block!important;transform:none!important}}",
  };
  for (const [name, css] of Object.entries(sheets))
    test(`keeps size, place and clickability under ${name}`, async ({ page }) => {
      await open(page);
      await style(page, css);
      await page.evaluate(() =>
        window.gallery.show(window.gallery.views.tooltip({ locale: "en", anchor: null })),
      );
      await expect(card(page)).toBeVisible();
      const box = await card(page).boundingBox();
      expect(box?.width).toBe(400);
      expect(box?.height).toBeLessThan(260);
      await expect.poll(() => hittable(page)).toBe(true);
    });

  test("is above a host layer at z-index 2147483647", async ({ page }) => {
    await open(page, "show=tooltip");
    await page.evaluate(() => {
      const layer = document.createElement("div");
      // Over all that is below the target: what covers the target itself takes its hint away with it.
      const below = document.querySelector("#export")?.getBoundingClientRect().bottom ?? 0;
      layer.style.cssText = `position:fixed;inset:${below}px 0 0;z-index:2147483647;background:#0008`;
      document.body.append(layer);
    });
    await expect(card(page)).toBeVisible();
    await expect.poll(() => hittable(page)).toBe(true);
  });

  test("is above what the page shows in fullscreen later", async ({ page }) => {
    await open(page, "show=tooltip");
    await expect(card(page)).toBeVisible();
    await page.evaluate(() => {
      const main = document.querySelector("main");
      document.querySelector("#export")?.addEventListener("click", () => void main?.requestFullscreen());
    });
    await page.locator("#export").click();
    await expect.poll(() => page.evaluate(() => document.fullscreenElement?.localName)).toBe("main");
    // Painted there, and not beneath it.
    const onTop = () =>
      page.evaluate(() => {
        const box = document
          .querySelector("cairn-root")
          ?.shadowRoot?.querySelector(".x")
          ?.getBoundingClientRect();
        return box && document.elementFromPoint(box.x + 9, box.y + 9)?.localName;
      });
    await expect.poll(onTop).toBe("cairn-root");
    await page.evaluate(() => document.exitFullscreen());
    await expect.poll(onTop).toBe("cairn-root");
  });

  test("changes nothing of the page but for one element at the end of body", async ({ page }) => {
    await open(page);
    const snapshot = () =>
      page.evaluate(() => {
        const copy = document.documentElement.cloneNode(true) as Element;
        copy.querySelector("body > cairn-root:last-child")?.remove();
        return `${copy.outerHTML} ${scrollX} ${scrollY} ${history.length}`;
      });
    const before = await snapshot();
    await page.evaluate(() => {
      window.gallery.show(window.gallery.views.tour({ locale: "en" }));
      window.gallery.show(window.gallery.views.checklist({ locale: "en" }));
    });
    await expect(card(page)).toBeVisible();
    expect(await snapshot()).toBe(before);
    await page.evaluate(() => window.gallery.ui.dispose());
    expect(await page.evaluate(() => document.querySelector("cairn-root"))).toBeNull();
    expect(await snapshot()).toBe(before);
  });

  test("survives a page that empties its body, or puts another in its place", async ({ page }) => {
    await open(page, "show=checklist");
    const dock = page.locator("cairn-root .dock");
    await expect(dock).toBeVisible();
    await page.evaluate(() => document.body.replaceChildren());
    await expect(dock).toBeVisible();
    await page.evaluate(() => document.body.replaceWith(document.createElement("body")));
    await expect(dock).toBeVisible();
  });
});

test.describe("modal dialogs and popovers of the host", () => {
  test("moves into a dialog that opens, and out when it closes", async ({ page }) => {
    await open(page, "show=checklist");
    const dock = page.locator("cairn-root .dock");
    await expect(dock).toBeVisible();
    await page.locator("#open-dialog").click();
    await expect
      .poll(() => page.evaluate(() => document.querySelector("cairn-root")?.parentElement?.id))
      .toBe("dialog");
    await expect.poll(() => hittable(page, ".toggle")).toBe(true);
    await page.locator("#close-dialog").click();
    await expect
      .poll(() => page.evaluate(() => document.querySelector("cairn-root")?.parentElement?.localName))
      .toBe("body");
    await expect(dock).toBeVisible();
    await expect.poll(() => hittable(page, ".toggle")).toBe(true);
  });

  test("opens inside a dialog that is open already, and points at a target in it", async ({ page }) => {
    await open(page);
    await page.locator("#open-dialog").click();
    await page.evaluate(() =>
      window.gallery.show(window.gallery.views.tooltip({ locale: "en", anchor: "save-button" })),
    );
    await expect(card(page)).toBeVisible();
    await expect.poll(() => hittable(page)).toBe(true);
    await card(page).getByRole("button", { name: "Got it" }).click();
    await expect(card(page)).toHaveCount(0);
    expect(await page.evaluate(() => document.querySelector<HTMLDialogElement>("#dialog")?.open)).toBe(true);
  });

  test("comes back when a dialog is taken out of the page with the hint in it", async ({ page }) => {
    await open(page, "show=checklist");
    await page.locator("#open-dialog").click();
    await expect
      .poll(() => page.evaluate(() => document.querySelector("cairn-root")?.parentElement?.id))
      .toBe("dialog");
    await page.evaluate(() => document.querySelector("#dialog")?.remove());
    await expect(page.locator("cairn-root .dock")).toBeVisible();
    await expect.poll(() => hittable(page, ".toggle")).toBe(true);
  });

  test("finds a dialog in a shadow root that was opened by script", async ({ page }) => {
    await open(page, "show=checklist");
    await expect(page.locator("cairn-root .dock")).toBeVisible();
    await page.evaluate(() => {
      const host = document.createElement("div");
      host.id = "shadow";
      const dialog = document.createElement("dialog");
      dialog.append(document.createElement("button"));
      host.attachShadow({ mode: "open" }).append(dialog);
      document.body.append(host);
      dialog.showModal();
    });
    await expect(page.locator("#shadow dialog cairn-root")).toBeAttached();
    await expect
      .poll(() =>
        page.evaluate(() => {
          const root = document.querySelector("#shadow")?.shadowRoot?.querySelector("cairn-root")?.shadowRoot;
          const box = root?.querySelector(".toggle")?.getBoundingClientRect();
          return box && root?.elementFromPoint(box.x + 30, box.y + 15)?.closest(".toggle") !== null;
        }),
      )
      .toBe(true);
  });

  test("does not close a popover by pressing a hint that points into it", async ({ page }) => {
    await open(page);
    await page.locator("#open-popover").click();
    await page.evaluate(() =>
      window.gallery.show(window.gallery.views.tour({ locale: "en", anchor: "menu-item" })),
    );
    await expect(card(page)).toBeVisible();
    await card(page).getByText("Filter first").click();
    expect(await page.evaluate(() => document.querySelector("#menu")?.matches(":popover-open"))).toBe(true);
  });

  test("does not close a popover of the page by pressing a hint beside it", async ({ page }) => {
    await open(page, "show=tooltip&show=checklist");
    await expect(page.locator("cairn-root .dock")).toBeVisible();
    await page.evaluate(() => document.querySelector<HTMLElement>("#menu")?.showPopover());
    const menu = () => page.evaluate(() => document.querySelector("#menu")?.matches(":popover-open"));
    await expect(page.locator("#menu > cairn-root")).toBeAttached();
    await card(page).getByRole("button", { name: "Later" }).click();
    await expect(card(page)).toHaveCount(0);
    expect(await menu()).toBe(true);
    await page.locator("#search").click();
    expect(await menu()).toBe(false);
    await expect(page.locator("body > cairn-root .dock")).toBeVisible();
  });

  test("is not seen by press-outside handlers, focus traps and shortcuts of the page", async ({ page }) => {
    await open(page, "show=tour");
    await expect(card(page)).toBeVisible();
    await page.evaluate(() => {
      window.marks = [];
      const types = [
        "pointerdown",
        "mousedown",
        "mouseup",
        "click",
        "focusin",
        "focusout",
        "keydown",
        "keyup",
      ];
      for (const type of types)
        document.addEventListener(type, (event) => window.marks.push(event.type), true);
      document.querySelector<HTMLElement>("#search")?.focus();
      document.addEventListener(
        "focusin",
        () => document.querySelector<HTMLElement>("#search")?.focus(),
        true,
      );
      window.marks.length = 0;
    });
    await card(page).getByRole("button", { name: "Next" }).click();
    await expect(card(page)).toContainText("Colleagues see it too");
    expect(await page.evaluate(() => window.marks)).toEqual([]);
    await expect(card(page)).toBeVisible();
    await page.keyboard.press("Shift+F8");
    await page.keyboard.press("Tab");
    await expect(card(page).getByRole("button", { name: "Close" })).toBeFocused();
    expect(await page.evaluate(() => document.activeElement?.localName)).toBe("cairn-root");
  });
});

test.describe("focus and keyboard", () => {
  test("opening takes neither focus nor caret nor selection, and typing goes on", async ({ page }) => {
    await open(page);
    const search = page.locator("#search");
    await search.pressSequentially("invoi");
    await search.evaluate((input: HTMLInputElement) => input.setSelectionRange(1, 3));
    await page.evaluate(() => window.gallery.show(window.gallery.views.tooltip({ locale: "en" })));
    await expect(card(page)).toBeVisible();
    await expect(search).toBeFocused();
    expect(await search.evaluate((i: HTMLInputElement) => [i.selectionStart, i.selectionEnd])).toEqual([
      1, 3,
    ]);
    await page.keyboard.press("End");
    await page.keyboard.type("ces");
    await expect(search).toHaveValue("invoices");
    await card(page).getByText("Your filter is kept").click();
    await expect(search).toBeFocused();
  });

  test("Escape on the page is the page's; inside the hint it closes it", async ({ page }) => {
    await open(page, "show=tooltip");
    await expect(card(page)).toBeVisible();
    await page.locator("#search").focus();
    await page.keyboard.press("Escape");
    expect(await acts(page)).toEqual([]);
    await page.keyboard.press("Shift+F8");
    await expect(card(page)).toBeFocused();
    await page.keyboard.press("Escape");
    expect(await acts(page)).toEqual([{ kind: "close" }]);
    await expect(card(page)).toHaveCount(0);
    await expect(page.locator("#search")).toBeFocused();
  });

  test("Shift+F8 goes to the hint, on to the checklist, and back", async ({ page }) => {
    await open(page, "show=checklist&show=tooltip");
    await expect(card(page)).toBeVisible();
    await page.locator("#search").focus();
    await page.keyboard.press("Shift+F8");
    await expect(card(page)).toBeFocused();
    await page.keyboard.press("Shift+F8");
    await expect(page.locator("cairn-root .dock")).toBeFocused();
    await page.keyboard.press("Shift+F8");
    await expect(page.locator("#search")).toBeFocused();
  });

  test("a tour is gone through by keyboard, the focus going along", async ({ page }) => {
    await open(page, "show=tour");
    await expect(card(page)).toBeVisible();
    await page.keyboard.press("Shift+F8");
    await page.keyboard.press("Tab");
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    await expect(card(page)).toContainText("Colleagues see it too");
    await expect(card(page)).toBeFocused();
    await page.keyboard.press("Tab");
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    await expect(card(page)).toContainText("That is the tour");
    await expect(card(page)).toBeFocused();
  });

  test("Escape folds a checklist and then goes back to the page", async ({ page }) => {
    await open(page, "show=checklist");
    const toggle = page.locator("cairn-root .toggle");
    await expect(toggle).toHaveAttribute("aria-expanded", "true");
    await page.locator("#search").focus();
    await page.keyboard.press("Shift+F8");
    await page.keyboard.press("Escape");
    await expect(toggle).toHaveAttribute("aria-expanded", "false");
    await page.keyboard.press("Escape");
    await expect(page.locator("#search")).toBeFocused();
    expect(await acts(page)).toEqual([]);
  });

  test("what is shown is said politely, with the key that leads to it", async ({ page }) => {
    await open(page, "show=tour");
    const status = page.locator("cairn-root [role=status]");
    await expect(status).toHaveText(/^Step 1 of 3\. Start with a report\. Filter first: .*Press Shift\+F8/);
    await card(page).getByRole("button", { name: "Next" }).click();
    await expect(status).toHaveText(
      /^Step 2 of 3\. Colleagues see it too\. Read-only until you say otherwise\.$/,
    );
  });
});

test.describe("targets", () => {
  test("follows scroll, layout shift, resize and a moving target", async ({ page }) => {
    await open(page, "show=tooltip");
    await expect.poll(() => isBelow(page, "#export")).toBe(true);
    await page.evaluate(() => document.querySelector(".top")?.append(document.createElement("p"), "shifted"));
    await expect.poll(() => isBelow(page, "#export")).toBe(true);
    await page.setViewportSize({ width: 820, height: 640 });
    await expect.poll(() => isBelow(page, "#export")).toBe(true);
    await page.evaluate(() =>
      document
        .querySelector("#export")
        ?.animate([{ translate: "0 0" }, { translate: "-120px 60px" }], { duration: 400, fill: "forwards" }),
    );
    await expect.poll(async () => (await page.locator("#export").boundingBox())?.y).toBeGreaterThan(200);
    await expect.poll(() => isBelow(page, "#export")).toBe(true);
    await page.mouse.move(400, 300);
    await page.mouse.wheel(0, 60);
    await expect.poll(() => page.evaluate(() => scrollY)).toBe(60);
    await expect.poll(() => isBelow(page, "#export")).toBe(true);
  });

  test("goes away while its target is hidden and comes back with it", async ({ page }) => {
    await open(page, "show=tooltip");
    for (const css of ["#export{display:none}", "#export{visibility:hidden}", ".panel{opacity:0}"]) {
      await expect(card(page)).toBeVisible();
      await style(page, css);
      // A rule alone changes no attribute; pages that hide something touch the element.
      await page.evaluate(() => document.querySelector("#export")?.classList.toggle("x"));
      await expect(card(page)).toBeHidden();
      await page.evaluate(() => {
        document.adoptedStyleSheets = [];
        document.querySelector("#export")?.classList.toggle("x");
      });
    }
    await expect(card(page)).toBeVisible();
  });

  test("goes away while its target is scrolled out of an inner scroller", async ({ page }) => {
    await open(page);
    await page.evaluate(() =>
      window.gallery.show(window.gallery.views.tooltip({ locale: "en", anchor: "row" })),
    );
    await expect(card(page)).toBeVisible();
    expect(await page.evaluate(() => document.querySelector("#scroller")?.scrollTop)).toBeGreaterThan(400);
    await page.evaluate(() => document.querySelector("#scroller")?.scrollTo(0, 0));
    await expect(card(page)).toBeHidden();
    await page.evaluate(() =>
      document.querySelector("[data-cairn=row]")?.scrollIntoView({ block: "nearest" }),
    );
    await expect(card(page)).toBeVisible();
  });

  test("finds a target again that was mounted anew", async ({ page }) => {
    await open(page, "show=tooltip");
    await expect(card(page)).toBeVisible();
    await page.evaluate(() => document.querySelector("#export")?.remove());
    await expect(card(page)).toBeHidden();
    await page.evaluate(() => {
      const button = document.createElement("button");
      button.id = "again";
      button.dataset.cairn = "export-button";
      button.textContent = "Export";
      document.querySelector("main")?.prepend(button);
    });
    await expect(card(page)).toBeVisible();
    await expect.poll(() => isBelow(page, "#again")).toBe(true);
  });

  test("scrolls a target into view that is out of it", async ({ page }) => {
    await page.emulateMedia({ reducedMotion: "reduce" });
    await open(page, "show=tour");
    await card(page).getByRole("button", { name: "Next" }).click();
    await expect(page.locator("#far")).toBeInViewport();
    await expect(card(page)).toBeVisible();
  });

  test("scrolls a target into view of which hardly anything can be seen", async ({ page }) => {
    await open(page);
    await page.evaluate(() => {
      const sliver = document.querySelector<HTMLElement>("#far");
      // Four pixels of it above the lower edge.
      const top = sliver?.getBoundingClientRect().top ?? 0;
      scrollTo({ top: scrollY + top - innerHeight + 4, behavior: "instant" });
      window.gallery.show(window.gallery.views.tour({ locale: "en" }, 1));
    });
    await expect(page.locator("#far")).toBeInViewport({ ratio: 1 });
    await expect(card(page)).toBeInViewport();
  });

  test("scrolls to a target among what the browser does not lay out before it is near", async ({ page }) => {
    await open(page);
    await page.evaluate(() => {
      const far = document.querySelector<HTMLElement>("#far");
      for (let n = 0; n < 20; n++) {
        const part = document.createElement("section");
        part.style.cssText = "content-visibility:auto;contain-intrinsic-size:auto 200px";
        const words = part.appendChild(document.createElement("p"));
        words.style.height = "350px";
        document.querySelector("main")?.append(part);
        if (far && n === 15) part.append(far);
      }
    });
    await page.evaluate(() => window.gallery.show(window.gallery.views.tour({ locale: "en" }, 1)));
    await expect(card(page)).toBeInViewport();
    await expect(page.locator("#far")).toBeInViewport({ ratio: 1 });
  });

  test("finds a target that moves away while it is scrolled to", async ({ page }) => {
    await open(page);
    await page.evaluate(() => {
      const grow = () => {
        const late = document.createElement("section");
        late.style.height = "3000px";
        document.querySelector("#far")?.before(late);
      };
      document.addEventListener("scroll", grow, { once: true });
      window.gallery.show(window.gallery.views.tour({ locale: "en" }, 1));
    });
    await expect(card(page)).toBeInViewport();
  });

  test("does not scroll for a tooltip that is resumed", async ({ page }) => {
    await open(page);
    await page.evaluate(() =>
      window.gallery.ui.show(window.gallery.views.tooltip({ locale: "en", anchor: "far-button" }), {
        resumed: true,
      }),
    );
    await expect(card(page)).toBeAttached();
    await expect(card(page)).toBeHidden();
    expect(await page.evaluate(() => scrollY)).toBe(0);
  });

  test("reaches into a shadow root and a frame", async ({ page }) => {
    await open(page);
    await page.evaluate(() => {
      const host = document.createElement("div");
      const inner = document.createElement("button");
      inner.dataset.cairn = "shadow-button";
      inner.textContent = "In a shadow root";
      host.attachShadow({ mode: "open" }).append(inner);
      const frame = document.createElement("iframe");
      frame.src = "/frame.html";
      frame.id = "frame";
      document.querySelector("main")?.prepend(host, frame);
    });
    await page.evaluate(() =>
      window.gallery.show(window.gallery.views.tooltip({ locale: "en", anchor: "shadow-button" })),
    );
    await expect.poll(() => isBelow(page, "[data-cairn=shadow-button]")).toBe(true);
    await page.frameLocator("#frame").locator("button").waitFor();
    await page.evaluate(() => window.gallery.ui.hide("first-export/1"));
    await page.evaluate(() =>
      window.gallery.show(window.gallery.views.plain({ locale: "en", anchor: "frame-button" })),
    );
    await expect(card(page)).toBeVisible();
    await expect.poll(() => isBelow(page, page.frameLocator("#frame").locator("button"))).toBe(true);
  });

  test("becomes a sheet where there is no room beside the target", async ({ page }) => {
    await page.setViewportSize({ width: 320, height: 480 });
    await open(page);
    await page.evaluate(() => window.gallery.show(window.gallery.views.rich({ locale: "ru" })));
    await expect(card(page)).toHaveAttribute("data-sheet", "bottom");
    await expect
      .poll(async () => {
        const box = await card(page).boundingBox();
        return box && [box.x, box.width, Math.round(box.y + box.height)];
      })
      .toEqual([8, 304, 472]);
  });
});

test.describe("exposure", () => {
  test("is reported once, after a second in view, for each step", async ({ page }) => {
    await page.clock.install();
    await open(page, "show=tour");
    await expect(card(page)).toBeVisible();
    const exposed = () => page.evaluate(() => window.gallery.exposed);
    await expect
      .poll(async () => {
        await page.clock.runFor(250);
        return exposed();
      })
      .toEqual([{ run: "first-value/1", step: "report" }]);
    await page.evaluate(() => window.gallery.ui.update(window.gallery.views.tour({ locale: "en" })));
    await page.clock.runFor(3000);
    expect(await exposed()).toHaveLength(1);
  });

  test("waits while the target, and so the hint, is out of sight", async ({ page }) => {
    await page.clock.install();
    await open(page);
    await page.evaluate(() =>
      window.gallery.ui.show(window.gallery.views.tooltip({ locale: "en", anchor: "far-button" }), {
        resumed: true,
      }),
    );
    await expect(card(page)).toBeHidden();
    await page.clock.runFor(5000);
    expect(await page.evaluate(() => window.gallery.exposed)).toEqual([]);
    await page.locator("#far").scrollIntoViewIfNeeded();
    await expect(card(page)).toBeVisible();
    await expect
      .poll(async () => {
        await page.clock.runFor(250);
        return page.evaluate(() => window.gallery.exposed.length);
      })
      .toBe(1);
  });
});

test.describe("actions", () => {
  test("buttons, links and × say what was done", async ({ page }) => {
    await open(page);
    await page.evaluate(() =>
      window.gallery.show(window.gallery.views.rich({ locale: "en", placement: "left" })),
    );
    const link = card(page).getByRole("link", { name: "Read more" });
    await expect(link).toHaveAttribute("href", "https://example.com/reconcile");
    await expect(link).toHaveAttribute("rel", /noopener/);
    await link.click();
    expect(await acts(page)).toEqual([{ kind: "button", id: "read" }]);
    expect(page.url()).toContain(process.env.CAIRN_GALLERY);
  });

  test("× takes a hint away before anybody has answered", async ({ page }) => {
    await open(page);
    await page.evaluate(() => {
      Object.assign(window.gallery.ui, { hide() {} });
      window.gallery.show(window.gallery.views.tooltip({ locale: "en" }));
    });
    await card(page).getByRole("button", { name: "Close" }).click();
    await expect(card(page)).toHaveCount(0);
    expect(await acts(page)).toEqual([{ kind: "close" }]);
  });

  test("a checklist folds, remembers it, ticks and says goodbye", async ({ page }) => {
    await open(page, "show=checklist");
    const dock = page.locator("cairn-root .dock");
    const toggle = dock.getByRole("button", { name: "Your first week" });
    await expect(toggle).toHaveAttribute("aria-expanded", "true");
    await expect(dock.getByRole("progressbar")).toHaveAttribute("aria-valuetext", "1 of 3 done");
    await toggle.click();
    await expect(toggle).toHaveAttribute("aria-expanded", "false");
    await expect(dock.getByRole("list")).toBeHidden();
    await page.evaluate(() => {
      window.gallery.ui.hide("first-week/1");
      window.gallery.show(window.gallery.views.checklist({ locale: "en" }));
    });
    await expect(toggle).toHaveAttribute("aria-expanded", "false");
    await toggle.click();
    await expect(dock.getByRole("button", { name: /Look at a report/ })).toHaveCount(0);
    await dock.getByRole("button", { name: /Send your first invoice/ }).click();
    await dock.getByRole("button", { name: /Look at a report/ }).click();
    await expect(dock).toContainText("All done");
    expect(await acts(page)).toEqual([
      { kind: "item", id: "invoice" },
      { kind: "item", id: "report" },
    ]);
    await dock.getByRole("button", { name: "Close" }).click();
    await expect(dock).toHaveCount(0);
    expect(await acts(page)).toHaveLength(2);
  });
});

test.describe("a checklist's last tick", () => {
  test("shows the completion for some seconds, then goes by itself", async ({ page }) => {
    await page.clock.install();
    await open(page, "show=checklist");
    const dock = page.locator("cairn-root .dock");
    await expect(dock.getByRole("progressbar")).toHaveAttribute("aria-valuetext", "1 of 3 done");
    const finish = (gone: boolean) =>
      page.evaluate((end) => {
        const { ui, views } = window.gallery;
        const view = views.checklist({ locale: "en" });
        const items = view.items?.map((item) => ({ ...item, done: item.done || !item.optional })) ?? [];
        ui.update({ ...view, items });
        if (end) ui.hide(view.run);
      }, gone);
    // The live region is there before it has something to say.
    const said = dock.getByRole("status");
    await expect(said).toHaveText("");
    await finish(true);
    await expect(said).toHaveText("All done");
    await expect(dock).toContainText("All done");
    await expect(dock.getByRole("progressbar")).toHaveAttribute("aria-valuenow", "3");
    await page.clock.runFor(4000);
    await expect(dock).toContainText("All done");
    await page.clock.runFor(3000);
    await expect(dock).toHaveCount(0);
    expect(await acts(page)).toEqual([]);
    // What comes late for a run that is gone brings nothing back.
    await finish(false);
    await expect(dock).toHaveCount(0);
  });

  test("is not celebrated where the person has closed the list, or it ended unfinished", async ({ page }) => {
    await open(page, "show=checklist");
    const dock = page.locator("cairn-root .dock");
    await expect(dock).toBeVisible();
    await page.evaluate(() => window.gallery.ui.hide("first-week/1"));
    await expect(dock).toHaveCount(0);
    await page.evaluate(() => window.gallery.show(window.gallery.views.checklist({ locale: "en" }, 3)));
    await dock.getByRole("button", { name: "Close" }).click();
    await expect(dock).toHaveCount(0);
  });
});

test.describe("chunks", () => {
  test("a plain hint asks for none, and marks stand as written where theirs does not come", async ({
    page,
  }) => {
    const asked: string[] = [];
    await page.route("**/rich-*.js", (route) => {
      asked.push(route.request().url());
      return route.abort();
    });
    await open(page);
    await page.evaluate(() => {
      const view = window.gallery.views.plain({ locale: "en" });
      const { step } = view;
      if (step === null) return;
      const body = { source: "Exports land in {{folder}}.", values: { folder: "**Downloads**" } };
      window.gallery.show({ ...view, step: { ...step, body } });
    });
    await expect(card(page)).toContainText("Exports land in **Downloads**.");
    expect(asked).toEqual([]);
    await page.evaluate(() => window.gallery.show(window.gallery.views.plain({ locale: "en" })));
    await expect(card(page)).toContainText("Exports land in **Downloads**, one file per month.");
    expect(asked).toHaveLength(1);
  });
});

test.describe("what the system asks for", () => {
  test("reduced motion means no animation", async ({ page }) => {
    await page.emulateMedia({ reducedMotion: "reduce" });
    await open(page, "show=tour&show=checklist");
    await expect(card(page)).toBeVisible();
    expect(
      await page.evaluate(
        () =>
          document.querySelector("cairn-root")?.shadowRoot?.querySelectorAll("*") &&
          document.getAnimations().length,
      ),
    ).toBe(0);
  });

  test("forced colours keep borders and ring", async ({ page }) => {
    await page.emulateMedia({ forcedColors: "active" });
    await open(page, "show=tour");
    await expect(card(page)).toBeVisible();
    expect(
      await page.locator("cairn-root .spot").evaluate((ring) => getComputedStyle(ring).outlineStyle),
    ).toBe("solid");
    expect(
      await card(page)
        .locator(".surface")
        .evaluate((s) => getComputedStyle(s).borderTopStyle),
    ).toBe("solid");
  });

  test("forced colours keep the marks of a checklist apart from what is behind them", async ({ page }) => {
    await page.emulateMedia({ forcedColors: "active" });
    await open(page, "show=checklist");
    const dock = page.locator("cairn-root .dock");
    await expect(dock.locator(".done .mark")).toBeVisible();
    const colours = await dock.evaluate((element) => {
      const of = (colour: string) => {
        const probe = element.appendChild(document.createElement("i"));
        probe.style.color = colour;
        const value = getComputedStyle(probe).color;
        probe.remove();
        return value;
      };
      const at = (selector: string, name: string) =>
        getComputedStyle(element.querySelector(selector) as Element).getPropertyValue(name);
      return {
        tick: [at(".done .mark", "color"), of("HighlightText")],
        disc: [at(".done .mark", "background-color"), of("Highlight")],
        chevron: [at(".toggle .icon", "color"), of("ButtonText")],
        ring: [at(".ring .arc", "stroke"), of("Highlight")],
      };
    });
    for (const [name, [is, wanted]] of Object.entries(colours)) expect(is, name).toBe(wanted);
  });
});

test("keeps the order of what is asked while Cairn's Russian words are on their way", async ({ page }) => {
  await page.route("**/ru-*.js", async (route) => {
    await page.waitForFunction(() => window.gallery !== undefined);
    await page.evaluate(() => {
      window.gallery.ui.hide("first-export/1");
      window.gallery.show(window.gallery.views.tour({ locale: "ru" }));
    });
    await route.continue();
  });
  await open(page, "show=tooltip&locale=ru");
  await expect(card(page)).toContainText("1 из 3");
  await expect(card(page)).toHaveCount(1);
  await expect(card(page).getByRole("button", { name: "Закрыть" })).toBeVisible();
});

test("speaks English where the chunk with the words does not come", async ({ page }) => {
  await page.route("**/ru-*.js", (route) => route.abort());
  await open(page, "show=tour&locale=ru");
  await expect(card(page)).toContainText("Начните с отчёта");
  await expect(card(page)).toContainText("1 of 3");
});

test("breaks neither a strict CSP nor trusted-types 'none', in any kind", async ({ page }) => {
  const shown: string[] = [];
  for (const kind of ["tooltip", "plain", "rich", "tour", "checklist"]) {
    const response = await open(page, `show=${kind}&locale=ru&mode=dark`);
    expect(response?.headers()["content-security-policy"]).toContain("trusted-types 'none'");
    await expect(page.locator("cairn-root [data-run]")).toBeVisible();
    shown.push(kind);
    expect(await page.evaluate(() => window.gallery.violations)).toEqual([]);
  }
  expect(shown).toHaveLength(5);
});
