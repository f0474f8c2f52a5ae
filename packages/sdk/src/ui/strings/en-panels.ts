import type { PanelStrings } from "./strings.ts";

export const enPanels: PanelStrings = {
  csm: "Your contact",
  support: "Support",
  book: "Book a time",
  call: "Call {phone}",
  write: "Write to {email}",
  site: "Open the help page",
  nobody: "Nobody has been entered here yet. The people who run this product can tell you whom to ask.",
  copied: "Copied",
  copy: "Copy this text",
  copyHow: "Your browser did not let us copy it. It is selected: press Ctrl+C, or ⌘C on a Mac.",
};
