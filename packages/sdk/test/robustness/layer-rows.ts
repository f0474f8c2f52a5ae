import { expectNow, expectSoon, hint, pointsAt, pressButton, shows, start } from "./driver.ts";
import type { Row } from "./row.ts";

/** A hint that opens by hand: past the guard, which holds the others back while a modal is open. */
const open = (id = "hint") => window.site.cairn?.start(id, { force: true });
const asked = (target: unknown, more: object = {}) => hint(target, { trigger: { event: "never" }, ...more });
const isOpen = (id: string) => window.site.byId(id)?.matches(":modal,:popover-open") ?? false;
/** The button can be hit, and pressing it ends the hint. */
const isUsable = (name: string) => window.site.button(name) !== null;

/** The host's own layers: dialogs, popovers, what closes on a press outside it, focus traps. */
export const layerRows: readonly Row[] = [
  {
    id: "modal before: target inside",
    fact: "in a modal dialog that is open already a hint for something in it opens without being asked for, and works",
    async test(page) {
      await page.run(() => window.site.byId<HTMLDialogElement>("dialog")?.showModal());
      await start(page, [hint({ anchor: "save" })]);
      await pointsAt(page, "save");
      await pressButton(page, "Got it");
      await expectSoon(page, 0, () => window.site.left());
      await expectNow(page, true, isOpen, "dialog");
    },
  },
  {
    id: "modal before: target inside: in a shadow root",
    fact: "the same where what it points at stands in a shadow root in the dialog",
    async test(page) {
      await page.run(() => {
        const dialog = window.site.byId<HTMLDialogElement>("dialog");
        const inner = dialog?.appendChild(document.createElement("div")).attachShadow({ mode: "open" });
        const deep = inner?.appendChild(document.createElement("button"));
        Object.assign(deep ?? {}, { id: "deep", textContent: "Deep" });
        deep?.setAttribute("data-cairn", "deep");
        dialog?.showModal();
      });
      await start(page, [hint({ anchor: "deep" })]);
      await pointsAt(page, "deep");
    },
  },
  {
    id: "modal before: target outside",
    fact: "behind a modal dialog no hint opens; when the dialog closes it does",
    async test(page) {
      await page.run(() => window.site.byId<HTMLDialogElement>("dialog")?.showModal());
      await start(page, [hint({ anchor: "export" })]);
      await expectSoon(page, ["guard"], () =>
        window.site.cairn?.decisions().map(({ reason }) => `${reason}`),
      );
      await expectNow(page, 0, () => window.site.left());
      await page.run(() => window.site.byId<HTMLDialogElement>("dialog")?.close());
      await pointsAt(page, "export");
    },
  },
  {
    id: "modal after: target inside",
    fact: "a hint that is asked for while its modal dialog is closed comes with the dialog, and can be pressed",
    async test(page) {
      await start(page, [hint({ anchor: "save" })]);
      await page.run(() => window.site.byId<HTMLDialogElement>("dialog")?.showModal());
      await pointsAt(page, "save");
      await pressButton(page, "Later");
      await expectSoon(page, 0, () => window.site.left());
      await expectNow(page, true, isOpen, "dialog");
    },
  },
  {
    id: "modal after: target outside",
    fact: "when a modal dialog opens over a hint's target the hint goes, and comes back when it closes",
    async test(page) {
      await start(page, [hint({ anchor: "export" })]);
      await pointsAt(page, "export");
      await page.run(() => window.site.byId<HTMLDialogElement>("dialog")?.showModal());
      await expectSoon(page, false, () => window.site.pointsAt("export"));
      await page.run(() => window.site.byId<HTMLDialogElement>("dialog")?.close());
      await pointsAt(page, "export");
      await pressButton(page, "Got it");
      await expectSoon(page, 0, () => window.site.left());
    },
  },
  {
    id: "modal after: checklist",
    fact: "a checklist moves into a modal dialog that opens, can be pressed there, and moves out again",
    async test(page) {
      await start(page, [
        {
          schemaVersion: 1,
          id: "list",
          kind: "checklist",
          title: "First week",
          items: [
            { id: "one", title: "Send an invoice", done: { event: "sent" } },
            { id: "two", title: "Invite a colleague", done: { event: "invited" } },
          ],
        },
      ]);
      await shows(page, 1);
      await page.run(() => window.site.byId<HTMLDialogElement>("dialog")?.showModal());
      await expectSoon(page, "dialog", () => document.querySelector("cairn-root")?.parentElement?.id);
      await expectSoon(page, true, isUsable, "Close");
      await page.run(() => window.site.byId<HTMLDialogElement>("dialog")?.close());
      await expectSoon(page, "BODY", () => document.querySelector("cairn-root")?.parentElement?.tagName);
      await expectSoon(page, true, isUsable, "Close");
    },
  },
  {
    id: "modal after: checklist: without a backdrop",
    fact: "so does one where the page has taken the dialog's backdrop away",
    async test(page) {
      await page.run(() => window.site.style("dialog::backdrop{display:none}"));
      const items = [{ id: "one", title: "Send an invoice", done: { event: "sent" } }];
      await start(page, [{ schemaVersion: 1, id: "list", kind: "checklist", title: "First week", items }]);
      await shows(page, 1);
      await page.run(() => window.site.byId<HTMLDialogElement>("dialog")?.showModal());
      await expectSoon(page, true, isUsable, "Close");
    },
  },
  {
    id: "modal: in a shadow root",
    fact: "a modal dialog in a shadow root, opened by script, takes the hint in",
    async test(page) {
      await page.run(() => {
        const host = document.createElement("div");
        const dialog = host.attachShadow({ mode: "open" }).appendChild(document.createElement("dialog"));
        dialog.id = "shadow-dialog";
        const button = dialog.appendChild(document.createElement("button"));
        Object.assign(button, { id: "deep", textContent: "Save" }).dataset.cairn = "deep";
        document.body.append(host);
      });
      await start(page, [hint({ anchor: "deep" })]);
      await page.run(() => window.site.byId<HTMLDialogElement>("shadow-dialog")?.showModal());
      await pointsAt(page, "deep");
      await pressButton(page, "Got it");
      await expectSoon(page, 0, () => window.site.left());
      await expectNow(page, true, isOpen, "shadow-dialog");
    },
  },
  {
    id: "modal: in a frame",
    fact: "a hint for something in a modal dialog of a frame stands in the page itself, beside it",
    async test(page) {
      await page.run(
        () =>
          new Promise<void>((loaded) => {
            const frame = document.createElement("iframe");
            frame.src = "/frame.html";
            frame.style.cssText = "width:500px;height:200px";
            frame.onload = () => loaded();
            document.querySelector("#main")?.prepend(frame);
          }),
      );
      await page.run(() => {
        const inside = window.site.byId("framed") as HTMLElement;
        const dialog = inside.ownerDocument.createElement("dialog");
        inside.parentElement?.append(dialog);
        dialog.append(inside);
        dialog.showModal();
      });
      await start(page, [hint({ anchor: "framed" })]);
      await pointsAt(page, "framed");
      await expectNow(page, "BODY", () => document.querySelector("cairn-root")?.parentElement?.tagName);
    },
  },
  {
    id: "modal closes",
    fact: "when the host closes the dialog that a hint stands in, the hint goes too and nothing stays",
    async test(page) {
      await page.run(() => window.site.byId<HTMLDialogElement>("dialog")?.showModal());
      await start(page, [hint({ anchor: "save" }, { targetWait: "1s" })]);
      await pointsAt(page, "save");
      await page.run(() => window.site.byId<HTMLDialogElement>("dialog")?.close());
      await expectSoon(page, 0, () => window.site.traces());
      await expectSoon(page, 0, () => window.site.left());
    },
  },
  {
    id: "modal removed",
    fact: "when the host takes the dialog out of the page with the hint in it, nothing stays",
    async test(page) {
      await page.run(() => window.site.byId<HTMLDialogElement>("dialog")?.showModal());
      await start(page, [hint({ anchor: "save" }, { targetWait: "1s" })]);
      await pointsAt(page, "save");
      await page.run(() => window.site.byId("dialog")?.remove());
      await expectSoon(page, 0, () => window.site.traces());
      await expectSoon(page, 0, () => window.site.left());
    },
  },
  {
    id: "popover: opening",
    fact: "a popover that closes on a press outside is not closed by a hint that opens",
    async test(page) {
      await page.run(() => window.site.byId("menu")?.showPopover());
      await start(page, [hint({ anchor: "archive" })]);
      await pointsAt(page, "archive");
      await expectNow(page, true, isOpen, "menu");
    },
  },
  {
    id: "popover: opening: and closing",
    fact: "a hint in a popover goes when that closes, comes again with it, and costs no error",
    async test(page) {
      await start(page, [hint({ anchor: "archive" })]);
      for (let times = 0; times < 4; times++) {
        await page.run(() => window.site.byId("menu")?.showPopover());
        await pointsAt(page, "archive");
        await page.press("Escape");
        await expectSoon(page, false, isOpen, "menu");
        await expectSoon(page, 0, () => window.site.shown());
      }
      await expectNow(page, [], async () => (await window.site.cairn?.explain())?.errors);
    },
  },
  {
    id: "popover: opening: by hand",
    fact: "a hint for something in a popover that only the page closes lies above it, and goes with it",
    async test(page) {
      await page.run(() => {
        window.site.style("#menu{position:fixed;inset:0;width:100%;height:100%}");
        const menu = window.site.byId("menu");
        if (menu) menu.popover = "manual";
      });
      // The layer is there before the popover.
      await start(page, [
        hint({ anchor: "archive" }),
        hint(null, { id: "banner", kind: "banner", trigger: { event: "never" } }),
      ]);
      await page.run(open, "banner");
      await shows(page, 1);
      await page.run(() => window.site.byId("menu")?.showPopover());
      await pointsAt(page, "archive");
      await expectSoon(page, true, isUsable, "Got it");
      await page.run(() => window.site.byId("menu")?.hidePopover());
      await shows(page, 1);
      await expectSoon(page, true, isUsable, "Got it");
    },
  },
  {
    id: "popover: pressing",
    fact: "nor by a press on the hint's button, whether the hint points into it or beside it",
    async test(page) {
      await start(page, [
        asked({ anchor: "archive" }, { id: "into" }),
        asked({ anchor: "export" }, { id: "beside" }),
      ]);
      for (const id of ["into", "beside"]) {
        await page.run(() => window.site.byId("menu")?.showPopover());
        await page.run(open, id);
        await shows(page, 1);
        await pressButton(page, "Got it");
        await expectSoon(page, 0, () => window.site.left());
        await expectNow(page, true, isOpen, "menu");
        await page.run(() => window.site.byId("menu")?.hidePopover());
      }
    },
  },
  {
    id: "press-outside: library modal",
    fact: "a library's modal that closes on blur or on a press outside is closed neither by a hint opening nor by its button",
    async test(page) {
      await page.run(() => {
        const modal = document.createElement("div");
        modal.id = "library";
        modal.tabIndex = -1;
        modal.style.cssText = "position:fixed;inset:80px;background:#fff;border:1px solid";
        const button = modal.appendChild(document.createElement("button"));
        Object.assign(button, { id: "inside", textContent: "Inside" }).dataset.cairn = "inside";
        document.body.append(modal);
        button.focus();
        const close = (why: string) => {
          window.site.marks.push(why);
          modal.remove();
        };
        const outside = (event: Event) => !event.composedPath().includes(modal) && close(event.type);
        for (const type of ["pointerdown", "mousedown", "mouseup", "click", "touchstart", "focusin"])
          document.addEventListener(type, outside, true);
        modal.addEventListener("focusout", ({ relatedTarget }) => {
          if (!modal.contains(relatedTarget as Node | null)) close("focusout");
        });
        window.addEventListener("blur", () => close("blur"));
      });
      await start(page, [hint({ anchor: "inside" })]);
      await pointsAt(page, "inside");
      await pressButton(page, "Got it");
      await expectSoon(page, 0, () => window.site.left());
      await expectNow(page, [[], "inside"], () => [window.site.marks, window.site.focus()]);
    },
  },
  {
    id: "focus trap",
    fact: "beside a library's focus trap the hint's buttons are reached by key and keep the focus",
    async test(page) {
      await page.run(() => {
        const modal = document.createElement("div");
        modal.setAttribute("role", "dialog");
        modal.setAttribute("aria-modal", "true");
        modal.style.cssText = "position:fixed;inset:120px;background:#fff";
        const first = modal.appendChild(document.createElement("input"));
        first.id = "first";
        const button = modal.appendChild(document.createElement("button"));
        Object.assign(button, { id: "inside", textContent: "Inside" }).dataset.cairn = "inside";
        document.body.append(modal);
        first.focus();
        const trap = (event: Event) => {
          if (event.composedPath().includes(modal)) return;
          event.stopImmediatePropagation();
          first.focus();
        };
        document.addEventListener("focusin", trap, true);
        document.addEventListener(
          "keydown",
          (event) => {
            if (event.key !== "Tab" || !modal.contains(document.activeElement)) return;
            event.preventDefault();
            (document.activeElement === first ? button : first).focus();
          },
          true,
        );
        setInterval(() => {
          if (document.activeElement === document.body) first.focus();
        }, 50);
      });
      await start(page, [hint({ anchor: "inside" })]);
      await pointsAt(page, "inside");
      await page.press("Shift+F8");
      await page.press("Tab");
      await expectSoon(page, "Close", () => window.site.focus());
      await page.press("Tab");
      await page.run(() => new Promise<void>((done) => setTimeout(done, 150)));
      await expectNow(page, "Got it", () => window.site.focus());
      await page.press("Enter");
      await expectSoon(page, 0, () => window.site.left());
      await expectSoon(page, "first", () => window.site.focus());
    },
  },
  {
    id: "focus trap: pulls back",
    fact: "a trap that fetches the focus back as it leaves, or as it comes elsewhere, lets the key lead to the hint",
    async test(page) {
      await page.run(() => {
        const modal = document.createElement("div");
        modal.setAttribute("role", "dialog");
        modal.style.cssText = "position:fixed;inset:120px;background:#fff";
        const first = modal.appendChild(document.createElement("input"));
        first.id = "first";
        Object.assign(modal.appendChild(document.createElement("button")), {
          id: "inside",
          textContent: "Inside",
        }).dataset.cairn = "inside";
        document.body.append(modal);
        first.focus();
        document.addEventListener("focusout", ({ relatedTarget }) => {
          if (relatedTarget && !modal.contains(relatedTarget as Node)) first.focus();
        });
        document.body.addEventListener(
          "focus",
          ({ target }) => {
            if (!modal.contains(target as Node)) first.focus();
          },
          true,
        );
      });
      await start(page, [hint({ anchor: "inside" })]);
      await pointsAt(page, "inside");
      await page.press("Shift+F8");
      await page.press("Tab");
      await expectSoon(page, "Close", () => window.site.focus());
      await page.press("Tab");
      await expectSoon(page, "Got it", () => window.site.focus());
      await page.press("Shift+F8");
      await expectSoon(page, "first", () => window.site.focus());
      // The trap is the page's, as before.
      await page.run(() => window.site.byId("search")?.focus());
      await expectNow(page, "first", () => window.site.focus());
    },
  },
  {
    id: "focus trap: hides the rest",
    fact: "a hint that a library hides or blocks with all that lies beside its modal can be read and pressed",
    async test(page) {
      const hideRest = (name: string) => {
        for (const one of document.body.children)
          if (one.id !== "main") one.setAttribute(name, name === "inert" ? "" : "true");
      };
      const isHidden = () => document.querySelector("cairn-root")?.matches("[inert],[aria-hidden]");
      await start(page, [hint({ anchor: "export" })]);
      await pointsAt(page, "export");
      for (const name of ["aria-hidden", "inert"]) {
        await page.run(hideRest, name);
        await expectSoon(page, false, isHidden);
      }
      // One that insists has it its way, and the page goes on.
      await page.run(() => {
        const root = document.querySelector("cairn-root");
        const insist = () => root?.matches("[inert]") || root?.setAttribute("inert", "");
        if (root) new MutationObserver(insist).observe(root, { attributes: true });
        insist();
      });
      await expectSoon(page, true, isHidden);
    },
  },
  {
    id: "z-index",
    fact: "a hint stands above a layer of the host at z-index 2147483647",
    async test(page) {
      await start(page, [hint({ anchor: "export" })]);
      await pointsAt(page, "export");
      await page.run(() => {
        const layer = document.createElement("div");
        // Clear: one that hides the target hides its hint.
        layer.style.cssText = "position:fixed;inset:0;z-index:2147483647";
        document.documentElement.append(layer);
      });
      await pressButton(page, "Got it");
      await expectSoon(page, 0, () => window.site.left());
    },
  },
  {
    id: "two flows",
    fact: "two flows at once stand beside each other, and each answers for itself",
    async test(page) {
      await start(page, [
        hint({ anchor: "export" }),
        {
          schemaVersion: 1,
          id: "list",
          kind: "checklist",
          title: "First week",
          items: [{ id: "one", title: "Send an invoice", done: { event: "sent" } }],
        },
      ]);
      await shows(page, 2);
      await pointsAt(page, "export");
      await pressButton(page, "Got it");
      await shows(page, 1);
      await expectNow(page, 1, () => window.site.left());
    },
  },
];
