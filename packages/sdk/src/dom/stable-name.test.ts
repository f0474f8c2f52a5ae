// @vitest-environment happy-dom
import { expect, it } from "vitest";
import { isStableName, stableClasses } from "./stable-name.ts";

const GIVEN = [
  "export",
  "export-button",
  "exportButton",
  "export_button",
  "main-nav",
  "step2",
  "tab-3",
  "h1",
  "login-form-v2",
  "user.email",
  "invoice-list",
  "save-as-pdf",
  "NewInvoiceButton",
  "toolbar-right",
  "i18n-switch",
  "b2b-banner",
];
const MADE = [
  "",
  ":r1:",
  "«r3»",
  "radix-12",
  "headlessui-menu-button-7",
  "mui-4821",
  "ember1204",
  "react-aria-5512",
  "a1b2c3d4",
  "x7Yz1kQ",
  "css-1x2y3z",
  "btn-8f3a2c",
  "550e8400-e29b-41d4-a716-446655440000",
  "order-48213",
  "bXkQzAqW",
  "grvtkkl",
  "item 12",
  "x".repeat(80),
];
it("tells names that somebody has given from those that a tool has made", () => {
  expect(GIVEN.filter((name) => !isStableName(name))).toEqual([]);
  expect(MADE.filter((name) => isStableName(name))).toEqual([]);
  expect([GIVEN.length, MADE.length]).toEqual([16, 18]);
});

it("takes of classes those that say which element it is", () => {
  const element = document.createElement("button");
  const classes = {
    "invoice-row": [".invoice-row"],
    "css-1x2y3z": [],
    "sc-bdVaJa": [],
    Button_root__x7Yz1: ['[class*="Button_root__"]'],
    card__header: [".card__header"],
    "is-active": [],
    active: [],
    "mt-4": [],
    "px-2": [],
    "md:flex": [],
    "bg-[red]": [],
    "text-lg": [],
    flex: [],
    toolbar: [".toolbar"],
    "svelte-1tky8bj": [],
    "_ngcontent-abc": [],
  };
  for (const [name, selectors] of Object.entries(classes)) {
    element.className = name;
    expect([name, stableClasses(element)]).toEqual([name, selectors]);
  }
});
