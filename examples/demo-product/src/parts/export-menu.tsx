import { useEffect, useRef, useState } from "preact/hooks";
import { useWords } from "../words/language.ts";

/** One button, two formats. Arrow keys and Escape work as in any menu. */
export function ExportMenu({ onPick }: { onPick: (format: "pdf" | "xlsx") => unknown }) {
  const words = useWords();
  const [open, setOpen] = useState(false);
  const box = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  const first = useRef<HTMLButtonElement>(null);

  useEffect(() => {
    if (!open) return;
    first.current?.focus();
    const press = (event: PointerEvent): void => {
      if (!box.current?.contains(event.target as Node)) setOpen(false);
    };
    document.addEventListener("pointerdown", press);
    return () => document.removeEventListener("pointerdown", press);
  }, [open]);

  const close = (): void => {
    setOpen(false);
    button.current?.focus();
  };
  const move = (event: KeyboardEvent): void => {
    if (event.key === "Escape") close();
    if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
    event.preventDefault();
    const here = document.activeElement;
    const next = event.key === "ArrowDown" ? here?.nextElementSibling : here?.previousElementSibling;
    if (next instanceof HTMLElement) next.focus();
  };
  const pick = (format: "pdf" | "xlsx"): void => {
    close();
    onPick(format);
  };
  return (
    <div class="menu" ref={box}>
      <button
        ref={button}
        type="button"
        class="button primary"
        data-cairn="export-button"
        data-testid="export"
        aria-haspopup="menu"
        aria-expanded={open}
        onClick={() => setOpen(!open)}
      >
        {words.report.export}
        <svg viewBox="0 0 12 12" width="12" height="12" aria-hidden="true">
          <path d="M2.5 4.5 6 8l3.5-3.5" />
        </svg>
      </button>
      {open ? (
        <div class="menu-list" role="menu" aria-label={words.report.export} tabIndex={-1} onKeyDown={move}>
          <button ref={first} type="button" role="menuitem" onClick={() => pick("pdf")}>
            {words.report.pdf}
          </button>
          <button type="button" role="menuitem" onClick={() => pick("xlsx")}>
            {words.report.excel}
          </button>
        </div>
      ) : null}
    </div>
  );
}
