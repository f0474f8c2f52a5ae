import { useEffect, useRef, useState } from "preact/hooks";
import { Segmented } from "../ui/segmented.tsx";
import { useStudio } from "./studio-context.ts";

/** Language, light or dark, and the way out: a disclosure at the end of the header. */
export function Menu() {
  const { words, preferences, setPreferences, session, signOut } = useStudio();
  const [open, setOpen] = useState(false);
  const box = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);

  useEffect(() => {
    if (!open) return;
    const onPress = (event: PointerEvent) => {
      if (event.target instanceof Node && !box.current?.contains(event.target)) setOpen(false);
    };
    const onKey = (event: KeyboardEvent) => {
      if (event.key !== "Escape") return;
      setOpen(false);
      button.current?.focus();
    };
    document.addEventListener("pointerdown", onPress);
    document.addEventListener("keydown", onKey);
    return () => {
      document.removeEventListener("pointerdown", onPress);
      document.removeEventListener("keydown", onKey);
    };
  }, [open]);

  return (
    <div class="menu" ref={box}>
      <button
        ref={button}
        type="button"
        class="button quiet small"
        aria-label={words.menu.open}
        aria-expanded={open}
        aria-controls="menu-sheet"
        onClick={() => setOpen(!open)}
      >
        <svg width="16" height="16" viewBox="0 0 16 16" fill="currentColor" aria-hidden="true">
          <circle cx="3" cy="8" r="1.5" />
          <circle cx="8" cy="8" r="1.5" />
          <circle cx="13" cy="8" r="1.5" />
        </svg>
      </button>
      {open && (
        <div class="menu-sheet" id="menu-sheet">
          <div class="field">
            <span class="label">{words.menu.language}</span>
            <Segmented
              small
              label={words.menu.language}
              value={preferences.language}
              options={[
                { value: "en", label: "English", lang: "en" },
                { value: "ru", label: "Русский", lang: "ru" },
              ]}
              onChange={(language) => setPreferences({ ...preferences, language })}
            />
          </div>
          <div class="field">
            <span class="label">{words.menu.theme}</span>
            <Segmented
              small
              label={words.menu.theme}
              value={preferences.theme}
              options={[
                { value: "auto", label: words.menu.auto },
                { value: "light", label: words.menu.light },
                { value: "dark", label: words.menu.dark },
              ]}
              onChange={(theme) => setPreferences({ ...preferences, theme })}
            />
          </div>
          {session.type === "person" && (
            <p class="who">
              {session.email} <span class="muted">{words.team.roles[session.role]}</span>
            </p>
          )}
          {session.type === "key" && session.demo ? (
            <p class="muted small-text">{words.menu.demo}</p>
          ) : (
            <button type="button" class="button" onClick={signOut}>
              {words.menu.signOut}
            </button>
          )}
        </div>
      )}
    </div>
  );
}
