import { useEffect, useRef, useState } from "preact/hooks";
import { track } from "../guidance.ts";
import { useWords } from "../words/language.ts";

/** The person behind the product. Opens from the team page, and wherever a hint says `contact`. */
export function ContactPanel() {
  const words = useWords();
  const dialog = useRef<HTMLDialogElement>(null);
  const [sent, setSent] = useState(false);

  useEffect(() => {
    const show = (): void => {
      setSent(false);
      if (dialog.current?.open === false) dialog.current.showModal();
    };
    document.addEventListener("saldo:contact", show);
    const off = window.cairn?.on("contact", (() => {
      show();
      return true;
    }) as (detail: never) => unknown);
    return () => {
      document.removeEventListener("saldo:contact", show);
      if (typeof off === "function") off();
    };
  }, []);

  const close = (): void => dialog.current?.close();
  const ask = (way: "message" | "call"): void => {
    track("contact.requested", { way });
    setSent(true);
  };
  return (
    <dialog ref={dialog} class="contact" aria-labelledby="contact-name">
      <div class="contact-head">
        <span class="avatar large" aria-hidden="true">
          VM
        </span>
        <div>
          <h2 id="contact-name">{words.contact.title}</h2>
          <p>{words.contact.role}</p>
        </div>
        <button type="button" class="icon-button" aria-label={words.common.close} onClick={close}>
          <svg viewBox="0 0 20 20" width="20" height="20" aria-hidden="true">
            <path d="M5 5l10 10M15 5 5 15" />
          </svg>
        </button>
      </div>
      {sent ? (
        <p class="note good" role="status">
          {words.contact.sent}
        </p>
      ) : (
        <>
          <p>{words.contact.text}</p>
          <form
            onSubmit={(event) => {
              event.preventDefault();
              ask("message");
            }}
          >
            <label class="field">
              <span>{words.contact.message}</span>
              <textarea rows={4} required />
            </label>
            <button type="submit" class="button primary">
              {words.contact.send}
            </button>
          </form>
          <p class="label">{words.contact.slots}</p>
          <div class="slots">
            {["10:15", "14:30", "16:00"].map((time) => (
              <button key={time} type="button" class="button" onClick={() => ask("call")}>
                {time}
              </button>
            ))}
          </div>
        </>
      )}
    </dialog>
  );
}

export function openContact(): void {
  document.dispatchEvent(new CustomEvent("saldo:contact"));
}
