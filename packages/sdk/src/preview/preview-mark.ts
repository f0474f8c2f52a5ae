import type { Guard } from "../ports.ts";
import { wordsFor } from "./words.ts";

/** What says that this is a preview. Stands on its own: it is there too where no hint is. */
export interface PreviewMark {
  /** Another line below the first; none where it is empty. */
  say(line: string): void;
  /** Goes to another corner while hints stand in its own: they are what is to be looked at. */
  stepAside(): void;
  dispose(): void;
}

const ROOT_STYLE = "all:initial!important;position:fixed!important;inset:auto auto 0 0!important";
const CSS = `
.mark{all:unset;position:fixed;inset-block:auto 16px;inset-inline:16px auto;max-width:min(360px,calc(100vw - 32px));box-sizing:border-box;display:flex;flex-wrap:wrap;gap:6px 12px;align-items:center;padding:10px 10px 10px 14px;border:1px solid #fff3;border-radius:12px;background:#1b1e24;color:#f4f5f7;color-scheme:dark;font:500 13px/1.4 system-ui,sans-serif;box-shadow:0 8px 28px #0006;overflow-wrap:anywhere}
.mark:dir(rtl){padding:10px 14px 10px 10px}
.mark[data-at^=top]{inset-block:16px auto}
.mark[data-at$=end]{inset-inline:auto 16px}
.dot{flex:none;width:8px;height:8px;border-radius:50%;background:#ffb020}
.words{flex:1 1 0;min-width:120px}
p{margin:0}
.more{color:#b9bfc9;font-weight:400}
button{all:unset;flex:none;box-sizing:border-box;min-height:28px;padding:3px 10px;border-radius:8px;border:1px solid #fff4;cursor:pointer;line-height:20px}
button:hover{background:#fff2}
button:focus-visible{outline:2px solid #ffb020;outline-offset:2px}
@media (forced-colors:active){.dot{background:Highlight;forced-color-adjust:none}}
@media print{.mark{display:none}}
`;

/** Best first; without any the lower one at the start of the line. */
const CORNERS = ["", "top", "bottom-end", "top-end"];

/** A line with a button, in a corner above the page. */
export function showMark(
  document: Document,
  options: {
    readonly locale: string;
    readonly title: string;
    readonly line?: string | undefined;
    readonly button: string;
    press(): void;
    /** Around the button: what fails in it ends there. */
    readonly guard: Guard;
  },
): PreviewMark {
  const window = document.defaultView as Window & typeof globalThis;
  const { language } = wordsFor(options.locale);
  const root = document.createElement("cairn-preview");
  root.style.cssText = ROOT_STYLE;
  const shadow = root.attachShadow({ mode: "open" });
  const sheet = new window.CSSStyleSheet();
  sheet.replaceSync(CSS);
  shadow.adoptedStyleSheets = [sheet];
  const make = <K extends keyof HTMLElementTagNameMap>(name: K, className: string, text = "") =>
    Object.assign(document.createElement(name), { className, textContent: text });

  const box = make("div", "mark");
  box.popover = "manual";
  box.setAttribute("role", "status");
  box.lang = language;
  box.dir = language === "ar" ? "rtl" : "ltr";
  const words = make("div", "words");
  const more = make("p", "more");
  const button = make("button", "", options.button);
  button.type = "button";
  button.onclick = options.guard(() => options.press());
  words.append(make("p", "", options.title), more);
  box.append(make("i", "dot"), words, button);
  shadow.append(box);
  // Outside of body, which products empty and replace.
  document.documentElement.append(root);
  box.showPopover?.();

  const say = (line: string) => {
    more.textContent = line;
    more.hidden = line === "";
  };
  say(options.line ?? "");
  const stepAside = () => {
    const hints = document
      .querySelector("cairn-root")
      ?.shadowRoot?.querySelectorAll(".hint:not([data-away])");
    const taken = [...(hints ?? [])].map((hint) =>
      (hint.querySelector(".surface") ?? hint).getBoundingClientRect(),
    );
    const isFree = (at: string) => {
      box.dataset.at = at;
      const own = box.getBoundingClientRect();
      return taken.every(
        ({ left, right, top, bottom }) =>
          right <= own.left || own.right <= left || bottom <= own.top || own.bottom <= top,
      );
    };
    // It stays where it is as long as it can.
    const found = [box.dataset.at ?? "", ...CORNERS].find(isFree);
    if (found === undefined) box.dataset.at = "";
  };
  return { say, stepAside, dispose: () => root.remove() };
}
