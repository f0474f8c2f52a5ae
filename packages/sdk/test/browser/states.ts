import type { Gallery } from "../../../../examples/gallery/gallery.ts";
import type { Look } from "../../../../examples/gallery/views.ts";

declare global {
  interface Window {
    gallery: Gallery;
  }
}

/** How a state is reached, and what of it is to be seen. */
export interface State {
  readonly show: (look: Look) => void;
  readonly seen: string;
}
/** Run in the page: presses this. */
export const click = (selector: string) =>
  document.querySelector("cairn-root")?.shadowRoot?.querySelector<HTMLElement>(selector)?.click();
const view = (kind: "tooltip" | "plain" | "rich" | "hotspot" | "tour") =>
  new Function("look", `gallery.show(gallery.views.${kind}(look))`) as State["show"];
const open = (kind: string) =>
  new Function("look", `gallery.show(gallery.windows.kinds.${kind}(look))`) as State["show"];

/** Every state that a hint, or a panel of Cairn's own, can be in: for the accessibility matrix and the sheet. */
export const STATES: { readonly [name: string]: State } = {
  tooltip: { show: view("tooltip"), seen: ".card .title" },
  "tooltip, only words": { show: view("plain"), seen: ".card .prose" },
  "tooltip, rich": { show: view("rich"), seen: ".card img.media" },
  hotspot: { show: view("hotspot"), seen: ".beacon[aria-expanded=false]" },
  "hotspot, open": { show: view("hotspot"), seen: ".beacon[aria-expanded=true] ~ .card .title" },
  "tour at a target": { show: view("tour"), seen: ".spot:not([data-away]) ~ .card .steps" },
  "tour in the centre": {
    show: (look) => window.gallery.show(window.gallery.views.tour(look, 2)),
    seen: ".spot[data-center] ~ .card .steps",
  },
  checklist: {
    show: (look) => window.gallery.show(window.gallery.views.checklist(look)),
    seen: ".dock:not([data-collapsed]) .list .go",
  },
  "checklist, folded": {
    show: (look) => window.gallery.show(window.gallery.views.checklist(look)),
    seen: ".dock[data-collapsed] .ring",
  },
  "checklist, done": {
    show: (look) => window.gallery.show(window.gallery.views.checklist(look, 3)),
    seen: ".dock:not([data-collapsed]) .ring.full",
  },
  modal: { show: open("modal"), seen: ".modal[open] .title" },
  "modal, picture": { show: open("hero"), seen: ".modal[open] .media" },
  slideout: { show: open("slideout"), seen: ".slideout .title" },
  banner: { show: open("banner"), seen: ".banner .said" },
  "banner, only words": { show: open("line"), seen: ".banner .said" },
  choice: { show: open("choice"), seen: ".choice .button" },
  video: { show: open("video"), seen: ".film" },
  preferences: {
    show: (look) => window.gallery.openPreferences(window.gallery.ui, look),
    seen: ".modal[open] .prefs [role=switch]",
  },
  contact: { show: open("slideout"), seen: ".modal[open] .person .face" },
};
/** What has to be pressed to get there. */
export const PRESS: { readonly [name: string]: string } = {
  "hotspot, open": ".beacon[aria-expanded=false]",
  checklist: "[data-collapsed] .toggle",
  "checklist, folded": ".dock:not([data-collapsed]) .toggle",
  "checklist, done": "[data-collapsed] .toggle",
  contact: "[data-id=contact]",
};
