import type { ComponentChildren } from "preact";
import { type Contact, dialled } from "./contact.ts";
import type { Panel, PanelProps } from "./panel.ts";
import { panelStyles as styles } from "./panel-styles.ts";
import { enPanels } from "./strings/en-panels.ts";
import { fill, type Strings } from "./strings/strings.ts";
import { linkTarget } from "./text.tsx";

export { contactOf } from "./contact.ts";
export { copyByHand } from "./copy-by-hand.ts";
export { styles };

const wordsOf = ({ panels = enPanels }: Strings) => panels;

/** Says that something has been copied. */
export const copied = (strings: Strings): string => wordsOf(strings).copied;

/** A card of the person, or the place, that an account's people can turn to; it says so where there is none. */
export function contactPanel(contact: Contact | undefined): Panel {
  const { who = "csm", name, title, photo, calendar, phone, email, url } = contact ?? {};
  const Draw = (props: PanelProps) => {
    const { nth, kit } = props;
    const { locale } = kit.strings;
    const words = wordsOf(kit.strings);
    const ways = [
      calendar && [calendar, words.book],
      url && [url, words.site],
      phone && [dialled(phone), fill(words.call, { phone: apart(phone) })],
      email && [`mailto:${email}`, fill(words.write, { email: apart(email) })],
    ].filter((way) => !!way);
    return (
      <Shell {...props} said={props.children}>
        <div class="person">
          <Face name={name} photo={photo} />
          <div class="said">
            <p class="title" id={`t${nth}`} lang={name ? undefined : locale}>
              {name ?? words[who]}
            </p>
            {/* In their own words where they have some, else in ours. */}
            {(name || title) && (
              <p class="note" lang={title ? undefined : locale}>
                {title ?? words[who]}
              </p>
            )}
            {!contact && (
              <p class="prose" id={`b${nth}`} lang={locale}>
                {words.nobody}
              </p>
            )}
          </div>
          {ways.length > 0 && (
            <div class="foot ways" lang={locale}>
              {ways.map(([href = "", label], at) => (
                <a
                  key={href}
                  class={`button ${at ? "secondary" : "primary"}`}
                  href={href}
                  {...linkTarget(href)}
                >
                  {label}
                </a>
              ))}
            </div>
          )}
        </div>
      </Shell>
    );
  };
  return { styles, Draw };
}

/** Reads from left to right within words that may not. */
const apart = (text: string) => `\u2066${text}\u2069`;

/** The words to copy, selected, where the browser copies nothing by itself. */
export function copyPanel(text: string): Panel {
  const Draw = (props: PanelProps) => {
    const { nth, kit } = props;
    const words = wordsOf(kit.strings);
    return (
      <Shell {...props} said={props.children}>
        <div>
          <div class="said" lang={kit.strings.locale}>
            <p class="title" id={`t${nth}`}>
              {words.copy}
            </p>
            <p class="prose" id={`b${nth}`}>
              {words.copyHow}
            </p>
          </div>
          <textarea
            class="text"
            readOnly
            aria-labelledby={`t${nth}`}
            rows={Math.min(6, text.split("\n").length)}
            value={text}
          />
        </div>
      </Shell>
    );
  };
  return { styles, Draw };
}

/** A panel's frame: the modal of the chunk that hints have, too. */
export function Shell({ kit, nth, ...props }: PanelProps & { readonly said: ComponentChildren }) {
  const Modal = kit.windows?.Modal;
  const named = { "aria-labelledby": `t${nth}`, "aria-describedby": `b${nth}` };
  return Modal ? (
    <Modal {...props} kit={kit} named={named}>
      {props.children}
    </Modal>
  ) : null;
}

function Face({ name, photo }: { readonly name: string | undefined; readonly photo: string | undefined }) {
  if (!photo && !name) return null;
  const words = (name ?? "").split(/\s+/);
  const initials = [words[0], words.length > 1 && words.at(-1)].map((word) => (word ? [...word][0] : ""));
  return (
    <span class="face" aria-hidden="true">
      {initials}
      {photo && <img src={photo} alt="" referrerpolicy="no-referrer" />}
    </span>
  );
}
