/** What is measured side by side. Each puts `start` on the page: it shows one hint at `#target`, with a title, a text and a button. */
export interface Contestant {
  readonly name: string;
  /** An entry for a bundler; `setUp` is evaluated with it, `start` is called later. */
  readonly source: string;
  /** Folder of this package with files as they ship, which the entry asks for beside itself. */
  readonly built?: string;
  /** What a server answers that is asked for definitions. */
  readonly config?: object;
  /** Style sheet of the package, if it has one. */
  readonly css?: string;
  /** Where the hint is, for a look from outside: an element that is not there before. */
  readonly hint: string;
}

const TITLE = "You can take this report with you";
const BODY = "Your filter is kept. PDF to send, Excel to count.";

/** The least that a hint can be: one element, placed below its target, with a button. Follows nothing, decides nothing. */
const floor: Contestant = {
  name: "floor",
  hint: ".floor",
  source: `window.start = () => {
    const target = document.querySelector("#target").getBoundingClientRect();
    const card = document.createElement("div");
    card.className = "floor";
    card.setAttribute("role", "dialog");
    card.style.cssText = "position:fixed;z-index:9;width:320px;padding:16px;background:#fff;color:#111;border:1px solid #ccc;border-radius:12px;box-shadow:0 12px 32px -8px #0004;font:14px system-ui";
    card.style.left = target.left + "px";
    card.style.top = target.bottom + 12 + "px";
    const title = card.appendChild(document.createElement("strong"));
    title.textContent = ${JSON.stringify(TITLE)};
    const body = card.appendChild(document.createElement("p"));
    body.textContent = ${JSON.stringify(BODY)};
    const button = card.appendChild(document.createElement("button"));
    button.textContent = "Got it";
    button.onclick = () => card.remove();
    document.body.append(card);
  };`,
};

/** The SDK as it is built for a script tag, booted with the page: a tracked event sets the hint off. */
const cairn: Contestant = {
  name: "cairn",
  hint: "cairn-root",
  built: "dist/script",
  config: {
    schemaVersion: 1,
    environment: "bench",
    settings: { schemaVersion: 1 },
    flows: [
      {
        schemaVersion: 1,
        id: "hint",
        kind: "tooltip",
        trigger: { event: "go" },
        steps: [
          {
            id: "s",
            target: { fallback: ["#target"] },
            placement: "bottom",
            title: TITLE,
            body: BODY,
            actions: [{ id: "ok", label: "Got it", do: "done" }],
          },
        ],
      },
    ],
  },
  source: `const script = document.createElement("script");
  script.src = new URL("cairn.js", location.href).href;
  script.dataset.key = "pk_bench";
  document.head.append(script);
  script.onload = () => {
    window.cairn.identify("somebody");
    window.start = () => window.cairn.track("go");
  };`,
};

const driver: Contestant = {
  name: "driver.js",
  hint: ".driver-popover",
  css: "driver.js/dist/driver.css",
  source: `import { driver } from "driver.js";
  window.start = () => driver({ showButtons: ["close", "next"], steps: [{ element: "#target", popover: { title: ${JSON.stringify(TITLE)}, description: ${JSON.stringify(BODY)} } }] }).drive();`,
};

const shepherd: Contestant = {
  name: "shepherd.js",
  hint: ".shepherd-element",
  css: "shepherd.js/dist/css/shepherd.css",
  source: `import Shepherd from "shepherd.js";
  window.start = () => {
    const tour = new Shepherd.Tour({ useModalOverlay: true });
    tour.addStep({ id: "s", title: ${JSON.stringify(TITLE)}, text: ${JSON.stringify(BODY)}, attachTo: { element: "#target", on: "bottom" }, buttons: [{ text: "Got it", action: () => tour.complete() }] });
    tour.start();
  };`,
};

const intro: Contestant = {
  name: "intro.js",
  hint: ".introjs-tooltip",
  css: "intro.js/introjs.css",
  source: `import introJs from "intro.js";
  window.start = () => { (introJs.tour ? introJs.tour() : introJs()).setOptions({ steps: [{ element: "#target", title: ${JSON.stringify(TITLE)}, intro: ${JSON.stringify(BODY)} }] }).start(); };`,
};

export const contestants: readonly Contestant[] = [floor, cairn, driver, shepherd, intro];
