// @vitest-environment happy-dom
import { afterEach, expect, it } from "vitest";
import { keepFocusOut } from "./keep-focus-out.ts";

afterEach(() => document.body.replaceChildren());

/** A page with an editor, and a preview whose modal takes the focus when `steal` is called. */
function page() {
  const editor = document.body.appendChild(document.createElement("textarea"));
  // On the page it would load something.
  const frame = document.createElement("iframe");
  const inner = Object.assign(new EventTarget(), { document: document.implementation.createHTMLDocument() });
  Object.defineProperty(frame, "contentWindow", { value: inner });
  editor.focus();
  const steal = () => {
    editor.blur();
    inner.dispatchEvent(new Event("focusin"));
  };
  return { frame, editor, steal };
}

it("gives the focus back to the editor that a modal takes it from", () => {
  const { frame, editor, steal } = page();
  const end = keepFocusOut(frame, "modal");
  steal();
  expect(document.activeElement).toBe(editor);
  end();
  steal();
  expect(document.activeElement).not.toBe(editor);
});

it("gives it to the field of a dialog that has opened meanwhile: what is typed there went nowhere", () => {
  const { frame, steal } = page();
  const end = keepFocusOut(frame, "modal");
  const note = document.body.appendChild(document.createElement("textarea"));
  note.focus();
  note.blur();
  steal();
  expect(document.activeElement).toBe(note);
  end();
});
