import { expect, type Page, test } from "@playwright/test";
import type { Gallery } from "../../../../examples/gallery/gallery.ts";

declare global {
  interface Window {
    gallery: Gallery;
    marks: string[];
  }
}

// Nothing is measured while it is still coming in.
test.use({ contextOptions: { reducedMotion: "reduce" } });

const open = (page: Page, query = "") => page.goto(`${process.env.CAIRN_GALLERY}?${query}`);
const hint = (page: Page) => page.locator("cairn-root [data-run]");
const modal = (page: Page) => page.locator("cairn-root dialog[open]");
const acts = (page: Page) => page.evaluate(() => window.gallery.acts.map((each) => each.act));
const show = (page: Page, kind: keyof Gallery["windows"]["kinds"], look: object = {}) =>
  page.evaluate(
    ([name, more]) => window.gallery.show(window.gallery.windows.kinds[name]({ locale: "en", ...more })),
    [kind, look] as const,
  );
/** Id of what has the focus on the page, or what it is. */
const focused = (page: Page) =>
  page.evaluate(() => document.activeElement?.id || document.activeElement?.localName);

const MODALS = ["modal", "hero", "long", "choice"] as const;
const DIALOGS = ["slideout", "banner", "video"] as const;
const REGIONS = ["note", "line"] as const;
const WINDOWS = [...MODALS, ...DIALOGS, ...REGIONS];

test.describe("a modal", () => {
  test("takes the focus itself, keeps Tab and Shift+F8 inside, and gives the focus back", async ({
    page,
  }) => {
    await open(page);
    const filter = page.locator("#filter");
    await filter.focus();
    await show(page, "modal");
    await expect(modal(page)).toBeFocused();
    // A key that was meant for the page presses nothing here.
    await page.keyboard.press("Enter");
    await page.keyboard.press("Space");
    expect(await acts(page)).toEqual([]);
    const names: string[] = [];
    for (const key of ["Tab", "Tab", "Tab", "Tab", "Tab"]) {
      await page.keyboard.press(key);
      names.push(
        await page.evaluate(() => {
          const at = document.querySelector("cairn-root")?.shadowRoot?.activeElement;
          return at?.getAttribute("aria-label") ?? at?.textContent ?? "";
        }),
      );
    }
    expect(names).toEqual(["Switch it on", "How it works", "Remind me tomorrow", "Close", "Switch it on"]);
    await page.keyboard.press("Shift+Tab");
    await expect(modal(page).getByRole("button", { name: "Close" })).toBeFocused();
    await page.keyboard.press("Shift+F8");
    await expect(modal(page)).toBeFocused();
    await page.keyboard.press("Shift+Tab");
    await expect(modal(page).getByRole("button", { name: "Close" })).toBeFocused();
    await page.keyboard.press("Escape");
    await expect(modal(page)).toHaveCount(0);
    expect(await acts(page)).toEqual([{ kind: "close" }]);
    await expect(filter).toBeFocused();
  });

  test("makes the page inert without an attribute on it", async ({ page }) => {
    await open(page);
    const snapshot = () =>
      page.evaluate(() => {
        const copy = document.documentElement.cloneNode(true) as Element;
        copy.querySelector("body > cairn-root:last-child")?.remove();
        return copy.outerHTML;
      });
    const before = await snapshot();
    await show(page, "modal");
    await expect(modal(page)).toBeVisible();
    expect(await snapshot()).toBe(before);
    const box = await page.locator("#export").boundingBox();
    await page.evaluate(() =>
      document.addEventListener("click", (e) => window.marks?.push(String(e.target)), true),
    );
    await page.mouse.click((box?.x ?? 0) + 5, (box?.y ?? 0) + 5);
    expect(await page.evaluate(() => window.marks ?? [])).toEqual([]);
    await page.evaluate(() => document.querySelector<HTMLElement>("#search")?.focus());
    expect(await focused(page)).toBe("cairn-root");
    // A press on the shade is no answer.
    await expect(modal(page)).toBeVisible();
    expect(await acts(page)).toEqual([]);
  });

  test("lets its words be selected, and keeps the focus under the mouse", async ({ page }) => {
    await open(page, "show=modal");
    await expect(modal(page)).toBeFocused();
    await modal(page).getByText("You see who has opened it").click({ clickCount: 3 });
    expect(
      await page.evaluate(() => {
        // Not a standard; where it is missing, the page's own selection reaches into shadow roots.
        const root: unknown = document.querySelector("cairn-root")?.shadowRoot;
        return String((root as Partial<Document>).getSelection?.() ?? document.getSelection());
      }),
    ).toContain("every client gets");
    await expect(modal(page)).toBeFocused();
    await page.mouse.click(4, 4);
    await expect(modal(page)).toBeFocused();
  });

  test("gives the focus to what is nearest where the opener is gone", async ({ page }) => {
    await open(page);
    await page.locator("#filter").focus();
    await show(page, "modal");
    await expect(modal(page)).toBeFocused();
    await page.evaluate(() => document.querySelector("#filter")?.remove());
    await page.keyboard.press("Escape");
    await expect(page.locator("#search")).toBeFocused();
  });

  test("that the browser closes by itself (a back gesture) has been closed by the person", async ({
    page,
  }) => {
    await open(page, "show=modal");
    await expect(modal(page)).toBeFocused();
    await modal(page).evaluate((dialog: HTMLDialogElement) => dialog.close());
    await expect(hint(page)).toHaveCount(0);
    expect(await acts(page)).toEqual([{ kind: "close" }]);
  });

  test("is above a host dialog that was open before, and goes alone", async ({ page }) => {
    await open(page);
    await page.locator("#open-dialog").click();
    await page.locator("#customer").focus();
    await show(page, "modal");
    await expect(modal(page)).toBeFocused();
    await modal(page).getByRole("button", { name: "Switch it on" }).click();
    await expect(modal(page)).toHaveCount(0);
    await expect(page.locator("#customer")).toBeFocused();
    expect(await page.locator("#dialog").evaluate((d: HTMLDialogElement) => d.open)).toBe(true);
  });

  test("waits beneath a host dialog that opens later, and is there again after it", async ({ page }) => {
    await open(page, "show=modal");
    await expect(modal(page)).toBeFocused();
    await page.evaluate(() => document.querySelector<HTMLDialogElement>("#dialog")?.showModal());
    await page.locator("#customer").fill("Acme");
    await page.locator("#close-dialog").click();
    await expect(modal(page)).toBeVisible();
    await modal(page).getByRole("button", { name: "Switch it on" }).click();
    await expect(modal(page)).toHaveCount(0);
    expect(await acts(page)).toEqual([{ kind: "button", id: "on" }]);
  });

  test("stays open and keeps its focus when the dialog it stands in closes or goes", async ({ page }) => {
    for (const end of ["close", "remove"] as const) {
      await open(page);
      await page.locator("#open-dialog").click();
      await show(page, "modal");
      await expect(modal(page)).toBeFocused();
      await page.keyboard.press("Tab");
      await page.evaluate((how) => document.querySelector<HTMLDialogElement>("#dialog")?.[how](), end);
      await expect(page.locator("body > cairn-root")).toBeAttached();
      // What is taken out of the page with all that is in it cannot keep it to the button.
      const still = modal(page).getByRole("button", { name: "Switch it on" });
      await expect(end === "close" ? still : modal(page)).toBeFocused();
      await modal(page).getByRole("button", { name: "Switch it on" }).click();
      expect(await acts(page)).toEqual([{ kind: "button", id: "on" }]);
    }
  });

  test("stays a modal when the popover it stands in closes", async ({ page }) => {
    await open(page);
    await page.locator("#open-popover").click();
    await show(page, "modal");
    await expect(page.locator("#menu cairn-root")).toBeAttached();
    await expect(modal(page)).toBeFocused();
    await page.evaluate(() => document.querySelector<HTMLElement>("#menu")?.hidePopover());
    await expect(page.locator("body > cairn-root dialog:modal")).toBeFocused();
    await page.keyboard.press("Escape");
    await expect(modal(page)).toHaveCount(0);
    expect(await acts(page)).toEqual([{ kind: "close" }]);
  });
});

test.describe("the choice step", () => {
  test("tells the answer, goes on with the focus inside, and gives it back at the end", async ({ page }) => {
    await open(page);
    await page.locator("#filter").focus();
    await show(page, "choice");
    await expect(modal(page)).toBeFocused();
    const answers = modal(page).getByRole("group", { name: "What do you want to do first?" });
    await expect(answers.getByRole("button")).toHaveCount(4);
    await page.keyboard.press("Tab");
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    await expect(modal(page)).toContainText("Then start here");
    await expect(modal(page)).toBeFocused();
    await page.keyboard.press("Escape");
    await expect(modal(page)).toHaveCount(0);
    expect(await acts(page)).toEqual([{ kind: "button", id: "reports" }, { kind: "close" }]);
    await expect(page.locator("#filter")).toBeFocused();
  });

  test("draws its answers below each other, as wide as each other", async ({ page }) => {
    await open(page, "show=choice");
    await expect(modal(page)).toBeVisible();
    const boxes = await modal(page)
      .locator(".secondary")
      .evaluateAll((all) =>
        all.map((one) => one.getBoundingClientRect()).map(({ y, width }) => ({ y, width })),
      );
    expect(new Set(boxes.map(({ width }) => width)).size).toBe(1);
    expect(new Set(boxes.map(({ y }) => y)).size).toBe(3);
  });
});

test.describe("slideouts and banners", () => {
  for (const kind of [...DIALOGS, ...REGIONS])
    test(`${kind}: opening takes neither focus, caret, selection nor keys from the page`, async ({
      page,
    }) => {
      await open(page);
      const search = page.locator("#search");
      await search.pressSequentially("invoi");
      await search.evaluate((input: HTMLInputElement) => input.setSelectionRange(1, 3));
      await page.evaluate(() => {
        window.marks = [];
        document.addEventListener("keydown", (event) => window.marks.push(event.key));
      });
      await show(page, kind);
      await expect(hint(page)).toBeVisible();
      await expect(search).toBeFocused();
      expect(await search.evaluate((i: HTMLInputElement) => [i.selectionStart, i.selectionEnd])).toEqual([
        1, 3,
      ]);
      await page.keyboard.press("End");
      await page.keyboard.type("ces");
      await expect(search).toHaveValue("invoices");
      await page.keyboard.press("Escape");
      expect(await page.evaluate(() => window.marks)).toEqual(["End", "c", "e", "s", "Escape"]);
      await page.keyboard.press("Tab");
      await expect(page.locator("#filter")).toBeFocused();
      expect(await acts(page)).toEqual([]);
      // By its own key, and back where one was.
      await page.keyboard.press("Shift+F8");
      await expect(hint(page)).toBeFocused();
      await page.keyboard.press("Tab");
      expect(await page.evaluate(() => document.activeElement?.localName)).toBe("cairn-root");
      await page.keyboard.press("Escape");
      await expect(hint(page)).toHaveCount(0);
      await expect(page.locator("#filter")).toBeFocused();
      expect(await acts(page)).toEqual([{ kind: "close" }]);
    });

  test("with buttons are dialogs, without are regions; both have a name and none is modal", async ({
    page,
  }) => {
    const names: Record<string, string> = {
      slideout: "Your exports have gone quiet",
      banner: "Invoice 1042 is due on Friday.",
      video: "Exports in ten seconds",
      note: "Filters are kept with the report from now on.",
      line: "We are working on exports tonight from 22:00 to 23:00. Everything else goes on.",
    };
    await open(page);
    for (const kind of [...DIALOGS, ...REGIONS]) {
      await show(page, kind);
      const role = DIALOGS.some((one) => one === kind) ? "dialog" : "region";
      const named = page.getByRole(role, { name: names[kind] ?? "", exact: true });
      await expect(named).toBeVisible();
      expect(await named.getAttribute("aria-modal")).toBeNull();
      await named.getByRole("button", { name: "Close" }).click();
    }
  });

  test("are read out politely, and a modal by taking the focus", async ({ page }) => {
    await open(page, "show=banner");
    const status = page.locator("cairn-root [role=status]");
    await expect(status).toHaveText(/^Invoice 1042 is due on Friday\. Pay it here .* Press Shift\+F8/);
    await page.evaluate(() => window.gallery.ui.hide("payment-due/1"));
    await page.clock.install();
    await show(page, "modal");
    await expect(modal(page)).toBeFocused();
    await expect(modal(page)).toHaveAccessibleName("Statements now send themselves");
    await page.clock.runFor(1000);
    // Where it would be read out at all: outside the modal everything is inert.
    await expect(modal(page).getByRole("status")).toHaveText("");
  });

  test("are above a host layer at z-index 2147483647", async ({ page }) => {
    await open(page);
    await page.evaluate(() => {
      const layer = document.createElement("div");
      layer.style.cssText = "position:fixed;inset:0;z-index:2147483647;background:#0008";
      document.body.append(layer);
    });
    let pressed = 0;
    for (const kind of [...DIALOGS, ...REGIONS, "modal"] as const) {
      await show(page, kind);
      await hint(page).getByRole("button", { name: "Close" }).click();
      await expect(hint(page)).toHaveCount(0);
      pressed++;
    }
    expect(pressed).toBe(6);
  });

  test("stand where the author put them, mirrored where the script is", async ({ page }) => {
    await open(page);
    const places = [
      ["slideout", "auto", "en", "bottom right"],
      ["slideout", "auto", "ar", "bottom left"],
      ["slideout", "top-start", "en", "top left"],
      ["slideout", "top-start", "ar", "top right"],
      ["slideout", "left", "ar", "bottom left"],
      ["slideout", "right-start", "ar", "top right"],
      ["banner", "auto", "en", "top middle"],
      ["banner", "bottom-end", "en", "bottom middle"],
    ] as const;
    for (const [kind, placement, locale, wanted] of places) {
      await show(page, kind, { placement, locale });
      await expect(hint(page)).toBeVisible();
      const box = (await hint(page).boundingBox()) ?? { x: 0, y: 0, width: 0, height: 0 };
      const [left, right] = [box.x, 1000 - box.x - box.width];
      const across = Math.abs(left - right) < 2 ? "middle" : left < right ? "left" : "right";
      expect(`${box.y < 320 ? "top" : "bottom"} ${across}`, `${kind} ${placement} ${locale}`).toBe(wanted);
      expect(Math.min(left, right)).toBeGreaterThan(7);
      await page.evaluate(() => window.gallery.ui.hide("quiet-export/1"));
      await page.evaluate(() => window.gallery.ui.hide("payment-due/1"));
    }
  });

  test("leave the checklist its corner", async ({ page }) => {
    await open(page, "show=slideout&show=checklist");
    const [a, b] = [page.locator("cairn-root .slideout"), page.locator("cairn-root .dock")];
    await expect(b).toBeVisible();
    const [one, other] = [await a.boundingBox(), await b.boundingBox()];
    expect((one?.x ?? 999) + (one?.width ?? 0)).toBeLessThanOrEqual(other?.x ?? 0);
  });

  test("step aside for what the keyboard has come to, and not for the mouse", async ({ page }) => {
    await open(page, "show=banner");
    const link = page.locator("#kinds a").nth(3);
    await expect(hint(page)).toHaveAttribute("data-at", "top");
    const covered = async () => {
      const [a, b] = [await link.boundingBox(), await hint(page).boundingBox()];
      return (
        a && b && a.y < b.y + b.height && b.y < a.y + a.height && a.x < b.x + b.width && b.x < a.x + a.width
      );
    };
    expect(await covered()).toBe(true);
    await page.locator("#kinds a").nth(0).focus();
    for (let n = 0; n < 3; n++) await page.keyboard.press("Tab");
    await expect(link).toBeFocused();
    await expect.poll(covered).toBe(false);
    await expect.poll(async () => ((await hint(page).boundingBox())?.y ?? 0) > 320).toBe(true);
  });
});

test.describe("videos", () => {
  test("are not asked for before they are pressed, play then, and show the captions that are read here", async ({
    page,
  }) => {
    const asked: string[] = [];
    page.on("request", (request) => asked.push(request.url().split("/").at(-1) ?? ""));
    await open(page, "show=video&locale=ru");
    const video = hint(page).locator("video");
    const play = hint(page).getByRole("button", { name: "Смотреть видео: Как сделать выгрузку" });
    await expect(play).toBeVisible();
    // Its room is there before the file is.
    const box = await video.boundingBox();
    expect((box?.width ?? 0) / (box?.height ?? 1)).toBeCloseTo(640 / 360, 1);
    expect(asked.filter((one) => one.startsWith("film.web"))).toEqual([]);
    expect(await video.evaluate((v: HTMLVideoElement) => [v.autoplay, v.preload, v.paused])).toEqual([
      false,
      "none",
      true,
    ]);
    // Anywhere on it.
    await page.mouse.click((box?.x ?? 0) + 30, (box?.y ?? 0) + 80);
    await expect.poll(() => video.evaluate((v: HTMLVideoElement) => v.currentTime > 0.1)).toBe(true);
    await expect(play).toBeHidden();
    expect(await video.evaluate((v: HTMLVideoElement) => v.controls)).toBe(true);
    expect(asked).toContain("film.ru.vtt");
    const shown = () =>
      video.evaluate((v: HTMLVideoElement) =>
        [...v.textTracks].map(({ language, mode, label }) => `${language} ${mode} ${label}`),
      );
    await expect.poll(shown).toEqual(["en disabled English", "ru showing русский"]);
    expect(await hint(page).boundingBox()).toMatchObject({ width: 360 });
  });

  test("are played by keyboard, which goes on to their controls", async ({ page }) => {
    await open(page, "show=video");
    await expect(hint(page)).toBeVisible();
    await page.keyboard.press("Shift+F8");
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    await expect(hint(page).locator("video")).toBeFocused();
    expect(await acts(page)).toEqual([]);
  });

  test("that do not come leave a link to themselves", async ({ page }) => {
    await page.route("**/film.webm", (route) => route.abort());
    await open(page, "show=video");
    await hint(page).getByRole("button", { name: /^Play/ }).click();
    const link = hint(page).getByRole("link", { name: "Open it in a new tab" });
    await expect(link).toBeVisible();
    await expect(link).toHaveAttribute("href", "film.webm");
    await expect(hint(page).locator("video")).toBeHidden();
  });
});

test.describe("copying", () => {
  test("says that it was done", async ({ page, context }) => {
    await context.grantPermissions(["clipboard-read", "clipboard-write"]);
    await open(page, "show=banner");
    await hint(page).getByRole("button", { name: "Copy the number" }).click();
    const status = page.locator("cairn-root [role=status]");
    await expect(status).toHaveText("Copied");
    await expect(status).toHaveClass("toast");
    await expect(status).toBeVisible();
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe("1042");
    await expect(status).toHaveText("", { timeout: 8000 });
  });

  test("works without the clipboard's permission, and leaves focus and caret where they were", async ({
    page,
    context,
  }) => {
    await context.grantPermissions(["clipboard-read", "clipboard-write"]);
    await open(page, "show=banner");
    await page.evaluate(() => {
      navigator.clipboard.writeText = () => Promise.reject(new Error("no"));
    });
    const search = page.locator("#search");
    await search.fill("invoices");
    await search.evaluate((input: HTMLInputElement) => input.setSelectionRange(2, 4));
    await hint(page).getByRole("button", { name: "Copy the number" }).click();
    await expect(page.locator("cairn-root [role=status]")).toHaveText("Copied");
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe("1042");
    await expect(search).toBeFocused();
    expect(await search.evaluate((i: HTMLInputElement) => [i.selectionStart, i.selectionEnd])).toEqual([
      2, 4,
    ]);
  });

  test("that the browser refuses altogether gives the words to be copied by hand", async ({ page }) => {
    await open(page, "show=banner");
    await page.evaluate(() => {
      navigator.clipboard.writeText = () => Promise.reject(new Error("no"));
      document.execCommand = () => false;
    });
    await page.locator("#search").focus();
    await hint(page).getByRole("button", { name: "Copy the number" }).click();
    const field = modal(page).getByRole("textbox", { name: "Copy this text" });
    await expect(field).toBeFocused();
    expect(
      await field.evaluate((f: HTMLTextAreaElement) => f.value.slice(f.selectionStart, f.selectionEnd)),
    ).toBe("1042");
    await page.keyboard.press("Escape");
    await expect(modal(page)).toHaveCount(0);
    await expect(page.locator("#search")).toBeFocused();
  });
});

test.describe("the contact card", () => {
  test("shows the account's person and how to reach them, and gives the focus back", async ({ page }) => {
    await open(page, "show=slideout");
    await expect(hint(page)).toBeVisible();
    await page.keyboard.press("Shift+F8");
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    await expect(modal(page)).toBeFocused();
    await expect(modal(page)).toHaveAccessibleName("Olga Sokolova");
    const links = await modal(page)
      .getByRole("link")
      .evaluateAll((all) => all.map((one) => one.getAttribute("href")));
    expect(links).toEqual(["https://example.com/olga", "tel:+49301234567", "mailto:olga@example.com"]);
    await expect(modal(page).locator("img")).toHaveAttribute("src", "face.svg");
    await page.keyboard.press("Escape");
    await expect(modal(page)).toHaveCount(0);
    await expect(hint(page).getByRole("button", { name: "Ask Olga" })).toBeFocused();
    // Cairn's own card is no hint: the engine hears nothing of it.
    expect(await acts(page)).toEqual([{ kind: "button", id: "contact" }]);
  });

  test("shows initials where the photo does not come", async ({ page }) => {
    await open(page, "show=slideout");
    await page.evaluate(() => {
      window.gallery.account = { csm: { name: "Olga Sokolova", photo: "nowhere.jpg", phone: "+1 555" } };
    });
    await hint(page).getByRole("button", { name: "Ask Olga" }).click();
    await expect(modal(page).locator(".face")).toHaveText("OS");
    await expect(modal(page).locator("img")).toBeHidden();
  });

  test("stands above a modal that it was opened from", async ({ page }) => {
    await open(page, "show=modal");
    await expect(modal(page)).toBeFocused();
    await page.evaluate(() => {
      const view = window.gallery.windows.modal({ locale: "en" });
      const { step } = view;
      const actions = step?.actions.map((one, at) => (at ? one : { ...one, id: "contact" as typeof one.id }));
      window.gallery.show({ ...view, step: step && { ...step, actions: actions ?? [] } });
    });
    await modal(page).getByRole("button", { name: "Switch it on" }).click();
    const card = modal(page).filter({ hasText: "Olga" });
    await card.getByRole("button", { name: "Close" }).click();
    await expect(modal(page)).toHaveCount(1);
    await expect(modal(page)).toContainText("Statements now send themselves");
  });

  test("is never empty, and follows no address that is none", async ({ page }) => {
    await open(page, "show=slideout");
    const press = async (account: object) => {
      await page.evaluate((traits) => {
        window.gallery.account = traits as Gallery["account"];
      }, account);
      await hint(page).getByRole("button", { name: "Ask Olga" }).click();
      await expect(modal(page)).toBeVisible();
      const found = await modal(page).evaluate((dialog) => ({
        text: dialog.querySelector(".scroll")?.textContent,
        links: [...dialog.querySelectorAll("a,img")].map(
          (one) => one.getAttribute("href") ?? one.getAttribute("src"),
        ),
      }));
      await modal(page).getByRole("button", { name: "Close" }).click();
      return found;
    };
    const nobody = /^Your contactNobody has been entered here yet/;
    expect((await press({})).text).toMatch(nobody);
    expect((await press({ csm: { name: "Olga" } })).text).toMatch(nobody);
    expect((await press({ csm: ["mailto:a@b"], support: 7 })).text).toMatch(nobody);
    const hostile = {
      name: "<img src=x onerror=alert(1)>",
      photo: "javascript:alert(1)",
      calendar: "javascript:alert(1)",
      url: "data:text/html,x",
      email: "a@b?bcc=c@d",
      phone: "call me",
    };
    expect((await press({ csm: hostile })).text).toMatch(nobody);
    expect(await press({ csm: { ...hostile, phone: "+1 (555) 01" } })).toEqual({
      text: "<o<img src=x onerror=alert(1)>Your contactCall \u2066+1 (555) 01\u2069",
      links: ["tel:+155501"],
    });
  });
});

test.describe("little room", () => {
  test("makes modals and slideouts sheets at the bottom at 320 px", async ({ page }) => {
    await page.setViewportSize({ width: 320, height: 568 });
    await open(page);
    for (const kind of ["modal", "slideout"] as const) {
      await show(page, kind);
      await expect(hint(page)).toBeVisible();
      const box = await hint(page).locator(".surface").boundingBox();
      expect(box && [box.x, box.width, Math.round(box.y + box.height)]).toEqual([8, 304, 560]);
      await hint(page).getByRole("button", { name: "Close" }).click();
    }
  });
});

test("keeps a banner's words readable beside long buttons", async ({ page }) => {
  await open(page);
  await page.evaluate(() => {
    const view = window.gallery.windows.banner({ locale: "ru" });
    const label = { source: "Включить автоматическую сверку взаиморасчётов", values: {} };
    const actions = view.step?.actions.map((one) => ({ ...one, label })) ?? [];
    window.gallery.show({ ...view, step: view.step && { ...view.step, actions } });
  });
  for (const width of [780, 1000]) {
    await page.setViewportSize({ width, height: 640 });
    const [words, close, ...buttons] = await hint(page).evaluate((banner) =>
      [...banner.querySelectorAll(".said,.x,.button")].map((one) => one.getBoundingClientRect().toJSON()),
    );
    expect(words.width, `${width}`).toBeGreaterThanOrEqual(200);
    for (const { right } of [close, ...buttons]) expect(right, `${width}`).toBeLessThan(width - 12);
  }
});

test("nothing of one hint is painted over another that lies on it", async ({ page }) => {
  await open(page);
  await show(page, "slideout", { theme: {} });
  await expect(hint(page)).toBeVisible();
  const close = await hint(page).getByRole("button", { name: "Close" }).boundingBox();
  await page.evaluate((at) => {
    const spot = document.querySelector<HTMLElement>("#export");
    // Its hint stands below it, over the corner of the other.
    if (spot && at) spot.style.cssText = `position:fixed;top:${at.y - 60}px;left:${at.x - 60}px`;
    window.gallery.show(window.gallery.views.tooltip({ locale: "en", placement: "bottom" }));
  }, close);
  await expect(page.locator("cairn-root .card")).toBeVisible();
  const owner = () =>
    page.evaluate((at) => {
      const root = document.querySelector("cairn-root")?.shadowRoot;
      return at && root?.elementFromPoint(at.x + 14, at.y + 14)?.closest<HTMLElement>(".hint")?.className;
    }, close);
  await expect.poll(owner).toBe("hint card");
});

test("keeps a modal within windows of any width", async ({ page }) => {
  await open(page, "show=hero");
  for (const width of [320, 481, 520, 560, 1000]) {
    await page.setViewportSize({ width, height: 640 });
    const box = await modal(page).locator(".surface").boundingBox();
    expect(box && box.x >= 8 && box.x + box.width <= width - 8, `${width}`).toBe(true);
  }
});

test("draws a plain card where the chunk does not come", async ({ page }) => {
  await page.route("**/windows-*.js", (route) => route.abort());
  await open(page, "show=modal");
  await expect(page.locator("cairn-root .card")).toContainText("Statements now send themselves");
  await page.locator("cairn-root .card").getByRole("button", { name: "Switch it on" }).click();
  expect(await acts(page)).toEqual([{ kind: "button", id: "on" }]);
});

test("breaks neither a strict CSP nor trusted-types 'none', in any window, film, panel or toast", async ({
  page,
}) => {
  let shown = 0;
  for (const kind of WINDOWS) {
    const response = await open(page, `show=${kind}&locale=ru&mode=dark`);
    expect(response?.headers()["content-security-policy"]).toContain("trusted-types 'none'");
    await expect(hint(page)).toBeVisible();
    if (kind === "video") await hint(page).locator(".play").click();
    if (kind === "slideout") {
      await hint(page).locator("[data-id=contact]").click();
      await expect(modal(page)).toBeVisible();
    }
    if (kind === "banner") {
      await hint(page).locator("[data-id=copy]").click();
      await expect(page.locator("cairn-root .toast,cairn-root dialog[open]")).toBeVisible();
    }
    expect(await page.evaluate(() => window.gallery.violations)).toEqual([]);
    shown++;
  }
  expect(shown).toBe(9);
});

test("forced colours keep edges that can be seen", async ({ page }) => {
  await page.emulateMedia({ forcedColors: "active" });
  await open(page);
  for (const kind of ["modal", "slideout", "banner"] as const) {
    await show(page, kind);
    const surface = hint(page).locator(".surface");
    await expect(surface).toBeVisible();
    expect(await surface.evaluate((s) => getComputedStyle(s).borderTopStyle)).toBe("solid");
    await hint(page).getByRole("button", { name: "Close" }).click();
  }
});
