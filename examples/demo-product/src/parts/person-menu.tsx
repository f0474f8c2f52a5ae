import { useEffect, useRef, useState } from "preact/hooks";
import { signOut, speak } from "../guidance.ts";
import { type PersonKind, ROLES } from "../model/person.ts";
import { useBooks, useSaldo } from "../model/store-context.ts";
import { LANGUAGES, useWords } from "../words/language.ts";

const LANGUAGE_NAMES = { en: "English", ru: "Русский" } as const;

/** Who is signed in, in which language, and whose eyes to look through instead. */
export function PersonMenu() {
  const words = useWords();
  const store = useSaldo();
  const { person } = useBooks();
  const [open, setOpen] = useState(false);
  const box = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);

  useEffect(() => {
    if (!open) return;
    const press = (event: PointerEvent): void => {
      if (!box.current?.contains(event.target as Node)) setOpen(false);
    };
    const key = (event: KeyboardEvent): void => {
      if (event.key !== "Escape") return;
      setOpen(false);
      button.current?.focus();
    };
    document.addEventListener("pointerdown", press);
    document.addEventListener("keydown", key);
    return () => {
      document.removeEventListener("pointerdown", press);
      document.removeEventListener("keydown", key);
    };
  }, [open]);

  const become = (kind: PersonKind): void => {
    store.signInAs(kind);
    signOut();
    location.assign("/demo/");
  };
  const initials = person.name
    .split(" ")
    .map((part) => part.charAt(0))
    .join("");
  return (
    <div class="person" ref={box}>
      <button
        ref={button}
        type="button"
        class="person-button"
        aria-expanded={open}
        aria-controls="person-panel"
        onClick={() => setOpen(!open)}
      >
        <span class="hidden">{words.common.account}: </span>
        <span class="avatar" aria-hidden="true">
          {initials}
        </span>
        <span class="person-name">{person.name}</span>
      </button>
      <div class="person-panel" id="person-panel" hidden={!open}>
        <p class="label">{words.common.language}</p>
        <fieldset class="switch">
          <legend class="hidden">{words.common.language}</legend>
          {LANGUAGES.map((language) => (
            <button
              key={language}
              type="button"
              lang={language}
              aria-pressed={store.language() === language}
              onClick={() => {
                store.setLanguage(language);
                speak(language);
              }}
            >
              {LANGUAGE_NAMES[language]}
            </button>
          ))}
        </fieldset>
        <p class="label">{words.demo.who}</p>
        <ul class="kinds">
          {ROLES.map((kind) => (
            <li key={kind}>
              <button type="button" aria-current={person.kind === kind} onClick={() => become(kind)}>
                {words.demo.kinds[kind]}
                <small>{words.demo.notes[kind]}</small>
              </button>
            </li>
          ))}
        </ul>
        <button type="button" class="start-over" onClick={() => become("new")}>
          {words.demo.startOver}
        </button>
      </div>
    </div>
  );
}
