import type { TextView } from "@cairn/engine";
import type { ComponentChildren } from "preact";
import type { Panel, PanelProps } from "./panel.ts";
import { preferencesStyles } from "./preferences-styles.ts";
import { enPreferences } from "./strings/en-preferences.ts";
import { line } from "./text.tsx";

/** What a person may choose. */
export interface Choices {
  readonly paused: boolean;
  readonly categories: readonly { readonly id: string; readonly on: boolean }[];
  readonly tours: readonly { readonly flow: string; readonly title: TextView; readonly locale: string }[];
  /** A tour was asked for that begins on another page. */
  readonly waits: boolean;
}

/** What a person chose: `what` is a category's id, or a tour's. Whether that is all they came for. */
export type Choose = (kind: "pause" | "category" | "tour", what: string) => boolean;

/** The panel with which people say how many hints they want. Drawn again, it shows what `choices` says by then. */
export function preferencesPanel(choices: () => Choices, choose: Choose): Panel {
  const Draw = (props: PanelProps) => {
    const { nth, kit } = props;
    const { locale, preferences: words = enPreferences } = kit.strings;
    const { paused, categories, tours, waits } = choices();
    const Modal = kit.windows?.Modal;
    const titleId = `t${nth}`;
    const [wordsId, toursId] = [`w${nth}`, `r${nth}`];
    const known: { readonly [category: string]: string } = words.categories;
    return Modal ? (
      <Modal {...props} named={{ "aria-labelledby": titleId }} said={props.children}>
        <div class="prefs" lang={locale}>
          <p class="title" id={titleId}>
            {words.title}
          </p>
          <Switch id="pause" on={paused}>
            {words.pause}
          </Switch>
          {paused && <p class="note">{words.paused}</p>}
          {categories.length > 0 && (
            <>
              <p class="label" id={wordsId}>
                {words.show}
              </p>
              <ul aria-labelledby={wordsId}>
                {categories.map(({ id, on }) => (
                  <li key={id}>
                    <Switch id={`category ${id}`} on={on && !paused} disabled={paused}>
                      {Object.hasOwn(known, id) ? known[id] : named(id)}
                    </Switch>
                  </li>
                ))}
              </ul>
            </>
          )}
          {tours.length > 0 && (
            <>
              <p class="label" id={toursId}>
                {words.again}
              </p>
              <ul aria-labelledby={toursId}>
                {tours.map(({ flow, title, locale: spoken }) => (
                  <li key={flow} class="again">
                    <span lang={spoken} id={`${toursId}-${flow}`}>
                      {line(title, kit)}
                    </span>
                    <button
                      class="button secondary"
                      type="button"
                      data-do="button"
                      data-id={`tour ${flow}`}
                      aria-describedby={`${toursId}-${flow}`}
                    >
                      {words.start}
                    </button>
                  </li>
                ))}
              </ul>
            </>
          )}
          {/* On the page before its words are, so that they are read out. */}
          <p class="note" role="status">
            {waits && words.waits}
          </p>
        </div>
      </Modal>
    ) : null;
  };
  return {
    styles: preferencesStyles,
    Draw,
    act(id) {
      const [kind, what = ""] = id.split(" ") as [Parameters<Choose>[0], string?];
      return choose(kind, what);
    },
  };
}

interface SwitchProps {
  readonly id: string;
  readonly on: boolean;
  readonly disabled?: boolean;
  readonly children: ComponentChildren;
}

const Switch = ({ id, on, disabled = false, children }: SwitchProps) => (
  <button
    class="row"
    type="button"
    role="switch"
    aria-checked={on}
    disabled={disabled}
    data-do="button"
    data-id={id}
  >
    <span>{children}</span>
    <i class="switch" />
  </button>
);

/** A category of the host's own, which has no words but its id. */
const named = (id: string) => id.charAt(0).toUpperCase() + id.slice(1).replaceAll("-", " ");
