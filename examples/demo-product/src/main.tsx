import { render } from "preact";
import { App } from "./app.tsx";
import { introduce } from "./guidance.ts";
import { createStore } from "./model/store.ts";
import type { Language } from "./words/language.ts";

function storage(): Storage | undefined {
  try {
    return window.localStorage;
  } catch {
    return undefined;
  }
}

const wish: Language = navigator.language.toLowerCase().startsWith("ru") ? "ru" : "en";
const store = createStore(storage(), Date.now, wish);
introduce({ ...store.books().person, account: store.books().account }, store.language());

const root = document.getElementById("saldo");
if (root !== null) render(<App store={store} />, root);
