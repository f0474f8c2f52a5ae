import { expectNow, expectSoon, hint, pointsAt, pressButton, shows, start } from "./driver.ts";
import type { Row } from "./row.ts";

/** Where a target may stand, and what may happen to it. */
export const targetRows: readonly Row[] = [
  {
    id: "shadow: selector",
    fact: "a selector that matches inside nested open shadow roots finds its element",
    async test(page) {
      await page.run(() => {
        const outer = document.createElement("section");
        const inner = outer.attachShadow({ mode: "open" }).appendChild(document.createElement("div"));
        const shadow = inner.attachShadow({ mode: "open" });
        const box = shadow.appendChild(document.createElement("form"));
        const button = box.appendChild(document.createElement("button"));
        Object.assign(button, { id: "deep", className: "save", textContent: "Save" });
        document.querySelector("#main")?.prepend(outer);
      });
      await start(page, [hint({ fallback: ["form > button.save"] })]);
      await pointsAt(page, "deep");
    },
  },
  {
    id: "shadow: late",
    fact: "a shadow root that comes after the hint was asked for is looked into, and heard when it changes",
    async test(page) {
      await start(page, [hint({ anchor: "deep" })]);
      await page.run(() => {
        const host = document.querySelector("#main")?.insertBefore(document.createElement("div"), null);
        host?.parentElement?.prepend(host);
        const button = host?.attachShadow({ mode: "open" }).appendChild(document.createElement("button"));
        Object.assign(button ?? {}, { id: "deep", textContent: "Save" });
        button?.setAttribute("data-cairn", "deep");
      });
      await pointsAt(page, "deep");
      await page.run(() => window.site.byId("deep")?.style.setProperty("display", "none"));
      await shows(page, 0);
      await page.run(() => window.site.byId("deep")?.style.removeProperty("display"));
      await pointsAt(page, "deep");
    },
  },
  {
    id: "frame: selector",
    fact: "a selector that matches in a frame of the same origin is found, and its place translated",
    async test(page) {
      await page.run(
        () =>
          new Promise<void>((loaded) => {
            const frame = document.createElement("iframe");
            frame.src = "/frame.html";
            frame.id = "frame";
            frame.style.cssText =
              "border:7px solid;padding:11px;margin:20px;width:300px;height:120px;transform:scale(1.25)";
            frame.onload = () => loaded();
            document.querySelector("#main")?.prepend(frame);
          }),
      );
      await start(page, [hint({ fallback: ["#inside > button.save"] })]);
      await pointsAt(page, "framed");
      // The frame moves, of which the page in it knows nothing.
      await page.run(() => window.site.byId("frame")?.style.setProperty("margin-left", "180px"));
      await pointsAt(page, "framed");
    },
  },
  {
    id: "frame: late",
    fact: "a frame that loads late is looked into, and what is taken out of it is noticed",
    async test(page) {
      await start(page, [hint({ anchor: "framed" })]);
      await page.run(() => {
        const frame = document.createElement("iframe");
        frame.src = "/frame.html";
        document.querySelector("#main")?.prepend(frame);
      });
      await pointsAt(page, "framed");
      await page.run(() => window.site.byId("framed")?.remove());
      await expectSoon(page, 0, () => window.site.traces());
    },
  },
  {
    id: "late",
    fact: "a target that appears late gets its hint then",
    async test(page) {
      await start(page, [hint({ anchor: "late" })]);
      await expectSoon(page, ["target-missing"], () =>
        // Before it, on a busy machine, that the tab did not have the word yet.
        window.site.cairn
          ?.decisions()
          .map(({ reason }) => `${reason}`)
          .slice(-1),
      );
      await page.run(() => {
        const button = document.createElement("button");
        Object.assign(button, { id: "late", textContent: "Late" });
        button.dataset.cairn = "late";
        document.querySelector("#before")?.after(button);
      });
      await pointsAt(page, "late");
    },
  },
  {
    id: "removed",
    fact: "a hint whose target is taken out goes with it, and its run ends when it does not come back",
    async test(page) {
      await start(page, [hint({ anchor: "export" })]);
      await pointsAt(page, "export");
      await page.run(() => document.querySelector("#export")?.remove());
      await expectSoon(page, 0, () => window.site.traces());
      await page.run(() => document.querySelector("#after")?.remove());
      await expectNow(page, 0, () => window.site.traces());
    },
  },
  {
    id: "re-mounted",
    fact: "a target that is mounted anew, elsewhere, is found again",
    async test(page) {
      await start(page, [hint({ anchor: "export" })]);
      await pointsAt(page, "export");
      await page.run(() => {
        document.querySelector("#export")?.remove();
        const button = document.createElement("button");
        Object.assign(button, { id: "again", textContent: "Export" });
        button.dataset.cairn = "export";
        document.querySelector("#after")?.after(button);
      });
      await pointsAt(page, "again");
    },
  },
  {
    id: "re-mounted: all the time",
    fact: "a hint stays at a target that is mounted anew several times a second",
    async test(page) {
      await start(page, [hint({ anchor: "export" })]);
      await pointsAt(page, "export");
      const seen = await page.run(
        () =>
          new Promise<number>((done) => {
            let frames = 0;
            let shown = 0;
            const look = () => {
              if (++frames % 6 === 0) {
                const old = document.querySelector("#export");
                old?.replaceWith(old.cloneNode(true));
              }
              shown += window.site.shown();
              if (frames < 120) requestAnimationFrame(look);
              else done(shown / frames);
            };
            look();
          }),
      );
      if (seen < 0.75) throw new Error(`seen in ${Math.round(seen * 100)} % of all frames`);
    },
  },
  {
    id: "moved",
    fact: "a target that is moved, by script, by animation and to another parent, is followed",
    async test(page) {
      await start(page, [hint({ anchor: "export" })]);
      await pointsAt(page, "export");
      await page.run(() => {
        const { style } = window.site.byId("export") as HTMLElement;
        style.position = "relative";
        style.left = "240px";
      });
      await pointsAt(page, "export");
      await page.run(
        () =>
          void window.site.byId("export")?.animate([{ translate: "0 0" }, { translate: "-120px 90px" }], {
            duration: 300,
            fill: "forwards",
          }),
      );
      await expectSoon(page, true, () => (window.site.box("export")?.y ?? 0) > 160);
      await pointsAt(page, "export");
      await page.run(() => {
        const box = document.createElement("div");
        document.querySelector("#after")?.after(box);
        box.append(window.site.byId("export") as HTMLElement);
      });
      await pointsAt(page, "export");
    },
  },
  {
    id: "display:none",
    fact: "a hint goes while its target, or what it is in, is not displayed, and comes back with it",
    async test(page) {
      await start(page, [hint({ anchor: "export" })]);
      for (const id of ["export", "main"]) {
        await pointsAt(page, "export");
        await page.run((which) => window.site.byId(which)?.style.setProperty("display", "none"), id);
        await expectSoon(page, 0, () => window.site.traces());
        await page.run((which) => window.site.byId(which)?.style.removeProperty("display"), id);
      }
      await pointsAt(page, "export");
    },
  },
  {
    id: "sticky header: out of view",
    fact: "a target far down is scrolled to where no sticky header lies on it",
    async test(page) {
      await page.run(() =>
        window.site.style("#top{position:sticky;top:0;height:160px}html{scroll-behavior:auto!important}"),
      );
      await start(page, [hint({ anchor: "invite" })]);
      await pointsAt(page, "invite");
      await expectNow(page, true, () => (window.site.box("invite")?.y ?? 0) > 185);
    },
  },
  {
    id: "sticky header: under it",
    fact: "a target that lies under a sticky header is brought out of it, and its hint goes while it is under it again",
    async test(page) {
      await page.run(() => {
        window.site.style("#top{position:sticky;top:0;height:160px;z-index:2}");
        scrollTo(0, (document.querySelector("#invite")?.getBoundingClientRect().y ?? 0) - 100);
      });
      await start(page, [hint({ anchor: "invite" })]);
      await pointsAt(page, "invite");
      await expectNow(page, true, () => (window.site.box("invite")?.y ?? 0) > 185);
      await page.run(() => scrollBy(0, (window.site.box("invite")?.y ?? 0) - 100));
      await expectSoon(page, 0, () => window.site.traces());
      await page.run(() => scrollBy(0, -150));
      await pointsAt(page, "invite");
    },
  },
  {
    id: "nested scrollers",
    fact: "a target in a scroller in a scroller is scrolled into view, and its hint goes when either scrolls it out",
    async test(page) {
      await page.run(() => {
        window.site.style(
          ".outer{height:300px;overflow:auto;border:1px solid}.inner{height:200px;overflow:auto;margin-top:500px}.far{margin:400px 40px}",
        );
        const outer = document.createElement("div");
        outer.id = "outer";
        outer.className = "outer";
        const inner = outer.appendChild(document.createElement("div"));
        inner.id = "inner";
        inner.className = "inner";
        const button = inner.appendChild(document.createElement("button"));
        Object.assign(button, { id: "nested", className: "far", textContent: "Nested" });
        button.dataset.cairn = "nested";
        document.querySelector("#main")?.prepend(outer);
      });
      await start(page, [hint({ anchor: "nested" })]);
      await pointsAt(page, "nested");
      for (const id of ["inner", "outer"]) {
        const at = await page.run((which) => {
          const scroller = window.site.byId(which);
          const before = scroller?.scrollTop ?? 0;
          scroller?.scrollTo({ top: 0, behavior: "instant" });
          return before;
        }, id);
        await expectSoon(page, 0, () => window.site.traces());
        await page.run(({ which, top }) => window.site.byId(which)?.scrollTo({ top, behavior: "instant" }), {
          which: id,
          top: at,
        });
        await pointsAt(page, "nested");
      }
    },
  },
  {
    id: "transformed ancestor",
    fact: "a target in a scaled, turned box is pointed at where it is seen",
    async test(page) {
      await page.run(() =>
        window.site.style(
          "#main{transform:translate(60px,30px) scale(.8) rotate(2deg);transform-origin:0 0}",
        ),
      );
      await start(page, [hint({ anchor: "export" })]);
      await pointsAt(page, "export");
    },
  },
  {
    id: "layout shift",
    fact: "what is put in above the target moves the hint along",
    async test(page) {
      await start(page, [hint({ anchor: "export" })]);
      await pointsAt(page, "export");
      await page.run(() => {
        const banner = document.createElement("p");
        banner.textContent = "Maintenance tonight";
        banner.style.height = "130px";
        document.querySelector("#main")?.prepend(banner);
      });
      await pointsAt(page, "export");
      await page.resize(620, 640);
      await page.run(() => {
        const { style } = document.querySelector("#before") as HTMLElement;
        style.fontSize = "40px";
      });
      await pointsAt(page, "export");
    },
  },
  {
    id: "hidden: without display",
    fact: "a target that is connected and has its size but cannot be seen has no hint",
    async test(page) {
      await start(page, [hint({ anchor: "export" })]);
      for (const [id, property, value] of [
        ["export", "visibility", "hidden"],
        ["main", "opacity", "0"],
        ["export", "content-visibility", "hidden"],
        ["main", "content-visibility", "hidden"],
      ]) {
        await pointsAt(page, "export");
        await page.run(
          ([which, name, to]) => window.site.byId(`${which}`)?.style.setProperty(`${name}`, `${to}`),
          [id, property, value],
        );
        // A button without its words is still a button.
        if (value !== "hidden" || property !== "content-visibility" || id !== "export")
          await expectSoon(page, 0, () => window.site.traces());
        await page.run(
          ([which, name]) => window.site.byId(`${which}`)?.style.removeProperty(`${name}`),
          [id, property],
        );
      }
      await pointsAt(page, "export");
    },
  },
  {
    id: "0×0",
    fact: "a target without a size has no hint",
    async test(page) {
      await start(page, [hint({ anchor: "export" })]);
      await pointsAt(page, "export");
      await page.run(() => {
        const { style } = window.site.byId("export") as HTMLElement;
        style.cssText = "padding:0;border:0;width:0;height:0;overflow:hidden;display:block";
      });
      await expectSoon(page, 0, () => window.site.traces());
      await page.run(() => window.site.byId("export")?.removeAttribute("style"));
      await pointsAt(page, "export");
    },
  },
  {
    id: "clipped: accordion",
    fact: "a target in a box that is folded to no height has no hint until it is unfolded, and nothing is scrolled",
    async test(page) {
      await page.run(() => {
        window.site.style("#fold{height:0;overflow:hidden}#fold.open{height:auto}");
        const fold = document.createElement("div");
        fold.id = "fold";
        document.querySelector("#space")?.after(fold);
        fold.append(window.site.byId("invite") as HTMLElement);
      });
      await start(page, [hint({ anchor: "invite" })]);
      await expectSoon(page, ["target-missing"], () =>
        // Before it, on a busy machine, that the tab did not have the word yet.
        window.site.cairn
          ?.decisions()
          .map(({ reason }) => `${reason}`)
          .slice(-1),
      );
      await expectNow(page, [0, 0], () => [window.site.left(), scrollY]);
      await page.run(() => window.site.byId("fold")?.classList.add("open"));
      await pointsAt(page, "invite");
    },
  },
  {
    id: "clipped: off the page",
    fact: "words for screen readers, and what is put far off the page, are no targets",
    async test(page) {
      await page.run(() => {
        window.site.style(
          ".off{position:absolute;left:-9999px}.sr{position:absolute;width:1px;height:1px;padding:0;border:0;overflow:hidden}",
        );
        for (const [id, className] of [
          ["off", "off"],
          ["sr", "sr"],
          ["real", ""],
        ]) {
          const button = document.createElement("button");
          Object.assign(button, { id, className, textContent: "Skip to content" });
          button.dataset.cairn = "skip";
          document.querySelector("#before")?.before(button);
        }
      });
      await start(page, [hint({ anchor: "skip" })]);
      await pointsAt(page, "real");
    },
  },
  {
    id: "nested scrollers: the body",
    fact: "a target above what a body that scrolls by itself shows is scrolled to",
    async test(page) {
      await page.run(() => {
        window.site.style("html{height:100%;overflow:hidden}body{height:100%;overflow:auto}");
        document.body.scrollTop = 1200;
      });
      await start(page, [hint({ anchor: "export" })]);
      await pointsAt(page, "export");
    },
  },
  {
    id: "inner scroller",
    fact: "a hint goes while its target is scrolled out of an inner scroller",
    async test(page) {
      await page.run(() => {
        const list = document.createElement("ul");
        list.id = "list";
        list.style.cssText = "height:150px;overflow:auto";
        for (let n = 0; n < 40; n++) {
          const row = list.appendChild(document.createElement("li"));
          row.textContent = `Payment ${n}`;
          if (n === 30) Object.assign(row, { id: "row" }).setAttribute("data-cairn", "row");
        }
        document.querySelector("#main")?.prepend(list);
      });
      await start(page, [hint({ anchor: "row" })]);
      await shows(page, 1);
      await page.run(() => window.site.byId("list")?.scrollTo(0, 0));
      await expectSoon(page, 0, () => window.site.traces());
      await page.run(() => window.site.byId("row")?.scrollIntoView({ block: "nearest" }));
      await shows(page, 1);
    },
  },
  {
    id: "inner scroller: in a shadow root",
    fact: "a hint goes while its target is scrolled out of a scroller in a shadow root, also through a slot",
    async test(page) {
      await page.run(() => {
        for (const kind of ["inside", "slotted"]) {
          const host = document.createElement("div");
          const shadow = host.attachShadow({ mode: "open" });
          const scroller = shadow.appendChild(document.createElement("div"));
          scroller.id = `scroller-${kind}`;
          scroller.style.cssText = "height:120px;overflow:auto";
          const space = document.createElement("p");
          space.style.height = "600px";
          const button = document.createElement("button");
          Object.assign(button, { id: kind, textContent: "Here" }).dataset.cairn = kind;
          if (kind === "slotted") {
            scroller.append(document.createElement("slot"));
            host.append(space, button);
          } else scroller.append(space, button);
          document.querySelector("#before")?.before(host);
        }
      });
      for (const kind of ["inside", "slotted"]) {
        await start(page, [hint({ anchor: kind })]);
        await pointsAt(page, kind);
        await page.run((which) => window.site.byId(`scroller-${which}`)?.scrollTo(0, 0), kind);
        await expectSoon(page, 0, () => window.site.traces());
        await page.run((which) => window.site.byId(`scroller-${which}`)?.scrollTo(0, 600), kind);
        await pointsAt(page, kind);
        await page.run(() => window.site.cairn?.destroy());
      }
    },
  },
  {
    id: "covered",
    fact: "a hint goes while something is painted over its target, not while a clear layer lies there",
    async test(page) {
      await start(page, [hint({ anchor: "export" })]);
      await pointsAt(page, "export");
      await page.run(() => {
        const layer = document.createElement("div");
        layer.id = "cover";
        layer.style.cssText = "position:fixed;inset:0;z-index:9";
        document.body.append(layer);
      });
      await page.run(() => new Promise<void>((done) => setTimeout(done, 300)));
      await pointsAt(page, "export");
      await page.run(() => window.site.byId("cover")?.style.setProperty("background", "#000a"));
      await expectSoon(page, 0, () => window.site.traces());
      await page.run(() => window.site.byId("cover")?.remove());
      await pointsAt(page, "export");
    },
  },
  {
    id: "virtual list",
    fact: "a row that a virtual list uses for other data loses the hint, and the row that has the data now gets it",
    async test(page) {
      await page.run(() => {
        const list = document.createElement("ul");
        for (let n = 0; n < 5; n++) {
          const row = list.appendChild(document.createElement("li"));
          Object.assign(row, { id: `row-${n}`, className: "virtual", textContent: `Invoice ${n}` });
        }
        document.querySelector("#before")?.before(list);
      });
      await start(page, [hint({ fallback: [".virtual"], text: "invoice 3" })]);
      await pointsAt(page, "row-3");
      const recycle = (by: number) => {
        for (const row of document.querySelectorAll(".virtual")) {
          const n = Number(row.id.slice(4)) + by;
          (row.firstChild as Text).data = `Invoice ${n}`;
        }
      };
      await page.run(recycle, 2);
      await pointsAt(page, "row-1");
      await page.run(recycle, 50);
      await expectSoon(page, 0, () => window.site.traces());
      await page.run(recycle, 0);
      await pointsAt(page, "row-3");
    },
  },
  {
    id: "cloned header",
    fact: "of a header and its clones in a grid the one that can be seen has the hint",
    async test(page) {
      await page.run(() => {
        window.site.style(
          "#fixed{position:sticky;top:0;background:#fff;z-index:3}#measure{visibility:hidden;height:0;overflow:hidden}#original{margin-top:-27px}",
        );
        for (const id of ["measure", "original", "fixed"]) {
          const head = document.createElement("div");
          head.id = `${id}`;
          const cell = head.appendChild(document.createElement("span"));
          Object.assign(cell, { id: `${id}-cell`, textContent: "Amount" });
          cell.dataset.cairn = "amount";
          document.querySelector("#before")?.before(head);
        }
        // The clone lies on the original.
        document.querySelector("#fixed")?.after(document.querySelector("#original") as Element);
      });
      await start(page, [hint({ anchor: "amount" })]);
      await pointsAt(page, "fixed-cell");
    },
  },
  {
    id: "nth and text",
    fact: "nth counts through the page and its shadow roots, after the words have been asked for",
    async test(page) {
      await page.run(() => {
        for (const n of [1, 2, 3]) {
          const host = document.createElement("div");
          const tree = n === 2 ? host.attachShadow({ mode: "open" }) : host;
          const button = tree.appendChild(document.createElement("button"));
          Object.assign(button, {
            id: `pick-${n}`,
            className: "pick",
            textContent: n === 1 ? "No" : "  PICK\n me ",
          });
          document.querySelector("#before")?.before(host);
        }
      });
      await start(page, [hint({ fallback: [".pick"], text: "pick me", nth: 2 })]);
      // The page itself comes first, then what is in it.
      await pointsAt(page, "pick-2");
    },
  },
  {
    id: "hostile selectors",
    fact: "selectors that are invalid, endless or slow find nothing, and take no time",
    async test(page) {
      await page.run(() => {
        let at: Element = document.querySelector("#main") as Element;
        for (let n = 0; n < 200; n++) at = at.appendChild(document.createElement("div"));
        for (let n = 0; n < 3_000; n++) at.append(document.createElement("i"));
      });
      const list = Array.from({ length: 10_000 }, (_, n) => `.c${n}`).join();
      const nested = `${":not(".repeat(40)}*${" *)".repeat(40)} *`;
      const fallback = ["!!", "a[", "", list, nested, "body:has(*)", "* ".repeat(250)];
      const took = await page.run(
        ({ flows }) => {
          const begin = performance.now();
          window.site.start(flows);
          return new Promise<number>((done) => {
            const look = () =>
              window.site.shown() ? done(performance.now() - begin) : requestAnimationFrame(look);
            look();
          });
        },
        // The last one is a real one: it stands behind all that.
        { flows: [hint({ fallback: [...fallback, "#export"] })] },
      );
      if (took > 3_000) throw new Error(`it took ${took} ms`);
      await pointsAt(page, "export");
      await expectSoon(page, [{ flow: "hint", step: "one", rank: 8 }], () =>
        window.site.events
          .filter(({ type }) => type === "target.fallback")
          .map(({ detail: { flow, step, rank } }) => ({ flow, step, rank })),
      );
    },
  },
  {
    id: "recorded: fallback",
    fact: "a hint found by a fallback is recorded once with its rank",
    async test(page) {
      await start(page, [hint({ anchor: "nowhere", fallback: ["#nothing", "#export"] })]);
      await pointsAt(page, "export");
      await page.run(() => window.site.byId("export")?.style.setProperty("display", "none"));
      await expectSoon(page, 0, () => window.site.traces());
      await page.run(() => window.site.byId("export")?.style.removeProperty("display"));
      await pointsAt(page, "export");
      await expectSoon(page, [2], () =>
        window.site.events.filter(({ type }) => type === "target.fallback").map(({ detail }) => detail.rank),
      );
    },
  },
  {
    id: "recorded: missing",
    fact: "a step whose target does not come is skipped, centred or ends the tour, as it says, and is recorded",
    async test(page) {
      const step = (id: string, target: unknown, more: object = {}) => ({
        id,
        ...(target ? { target } : {}),
        title: id,
        actions: [{ id: "next", label: "Next", do: "next" }],
        ...more,
      });
      const gone = { anchor: "nowhere" };
      await start(page, [
        hint(null, {
          kind: "tour",
          targetWait: "1s",
          steps: [
            step("begin", { anchor: "export" }),
            step("skipped", gone),
            step("centred", gone, { missing: "center" }),
            step("ended", gone, { missing: "end" }),
            step("never", null),
          ],
        }),
      ]);
      await pointsAt(page, "export");
      const press = async (now: string, then: string) => {
        await expectSoon(page, true, (text: string) => window.site.text().includes(text), now);
        await pressButton(page, "Next");
        if (then) await expectSoon(page, true, (text: string) => window.site.text().includes(text), then);
      };
      await press("begin", "centred");
      await press("centred", "");
      await expectSoon(page, 0, () => window.site.left());
      await expectSoon(
        page,
        [
          ["skipped", "nowhere"],
          ["centred", "nowhere"],
          ["ended", "nowhere"],
        ],
        () =>
          window.site.events
            .filter(({ type }) => type === "target.missing")
            .map(({ detail }) => [`${detail.step}`, `${detail.target}`]),
      );
      await expectSoon(page, ["target-missing"], () =>
        window.site.events
          .filter(({ type }) => type === "flow.ended")
          .map(({ detail }) => `${detail.reason}`),
      );
    },
  },
  {
    id: "uses in shadow roots",
    fact: "a click on a target in a shadow root is a use of its feature",
    async test(page) {
      await page.run(() => {
        const host = document.createElement("div");
        const button = host.attachShadow({ mode: "open" }).appendChild(document.createElement("button"));
        Object.assign(button, { id: "deep", className: "deep", textContent: "Save" });
        document.querySelector("#before")?.before(host);
      });
      await start(page, [hint({ anchor: "export" })], {
        features: [
          {
            id: "save",
            name: "Save",
            level: "user",
            uses: [{ click: { fallback: [".deep"] } }],
            activated: { count: 1, within: "7d" },
          },
        ],
      });
      await pointsAt(page, "export");
      const box = await page.run(() => window.site.box("deep"));
      await page.click({ x: (box?.x ?? 0) + 5, y: (box?.y ?? 0) + 5 });
      await expectSoon(page, ["save"], () =>
        window.site.events
          .filter(({ type }) => type === "feature.used")
          .map(({ detail }) => `${detail.feature}`),
      );
    },
  },
  {
    id: "made targets",
    fact: "a target made for any element of a page, its shadow roots and frames means that element, also after the next render",
    async test(page) {
      await page.run(
        () =>
          new Promise<void>((loaded) => {
            const main = document.querySelector("#main") as HTMLElement;
            for (let n = 0; n < 12; n++) {
              const row = main.appendChild(document.createElement("li"));
              row.className = "css-1a2b3c";
              const host = row.appendChild(document.createElement("span"));
              const tree = n % 4 === 0 ? host.attachShadow({ mode: "open" }) : host;
              for (const label of ["Open", "Send", "Delete"]) {
                const button = tree.appendChild(document.createElement("button"));
                button.className = "css-1a2b3c";
                button.textContent = label;
                if (n % 3 === 0) button.setAttribute("aria-label", `${label} it`);
                if (n % 5 === 0) button.dataset.testid = `${label.toLowerCase()}-row`;
              }
            }
            const frame = document.createElement("iframe");
            frame.src = "/frame.html";
            frame.onload = () => loaded();
            main.prepend(frame);
          }),
      );
      await expectNow(page, { count: 84, wrong: [] }, () => window.site.rebuild(true));
    },
  },
];
