import type { RunView } from "@cairn/engine";
import type { Placement } from "@cairn/flow-schema";
import type { ComponentChildren } from "preact";
import type { Guard } from "../ports.ts";
import { type CardProps, Foot, hintProps, Media, mark } from "./card.tsx";
import { enterModal, type Leave } from "./modal-focus.ts";
import { type Kit, line, prose } from "./text.tsx";
import type { Tokens } from "./theme.ts";

export { keyInModal, openModal } from "./modal-focus.ts";
export { windowStyles as styles } from "./window-styles.ts";

/** Opens what has been drawn of a run, where that is a modal. `closed`: the browser has closed it. */
export function attend(element: HTMLElement, run: { leave?: Leave }, closed: () => void, guard: Guard): void {
  if (element.localName === "dialog") run.leave = enterModal(element as HTMLDialogElement, run.leave, closed);
  // In the place of a face that did not come stand its initials.
  const face = element.querySelector<HTMLImageElement>(".face img");
  if (face)
    face.onerror = guard(() => {
      face.hidden = true;
    });
}

/** Whether it is drawn here. */
export const isWindow = ({ kind }: RunView) => kind === "modal" || kind === "slideout" || kind === "banner";

interface WindowProps extends CardProps {
  /** Drawn in a modal, outside of which nothing is read out: the live region. */
  readonly children?: ComponentChildren;
}

/** One step of a modal, slideout or banner. */
export function Window({ view, step, nth, kit, tokens, enter, children }: WindowProps) {
  const { title, body, media, actions, placement } = step;
  const { kind, locale } = view;
  const titleId = `t${nth}`;
  const bodyId = `b${nth}`;
  const named = {
    "aria-labelledby": title ? titleId : bodyId,
    "aria-describedby": title && body && bodyId,
  };
  const words = (
    <div class="said">
      {title && (
        <p class="title" id={titleId}>
          {line(title, kit)}
        </p>
      )}
      {body && (
        <div class="prose" id={bodyId}>
          {prose(body, kit)}
        </div>
      )}
    </div>
  );
  const picture = media && <Media media={media} locale={locale} kit={kit} />;
  const foot = <Foot step={step} titleId={titleId} kit={kit} />;
  if (kind === "modal")
    return (
      <Modal {...{ view, kit, tokens, enter, named }} hero={!!picture} said={children}>
        {picture}
        {words}
        {foot}
      </Modal>
    );
  // Without buttons of its own it is a part of the page that says something, and no dialog.
  const role = actions.length > 0 ? "dialog" : "region";
  return (
    <div
      {...hintProps(view, tokens, enter)}
      {...named}
      class={`hint ${kind}`}
      role={role}
      data-at={kind === "banner" ? edgeOf(placement) : cornerOf(placement)}
    >
      <div class="surface" data-hero={mark(!!picture && kind === "slideout")}>
        <div class="scroll">
          {picture}
          {words}
          {foot}
        </div>
        <Close kit={kit} />
      </div>
    </div>
  );
}

interface ModalProps {
  readonly view: CardProps["view"];
  readonly kit: Kit;
  readonly tokens: Tokens | undefined;
  readonly enter: boolean;
  /** What names and describes it. */
  readonly named: { readonly "aria-labelledby": string; readonly "aria-describedby"?: string | undefined };
  /** A picture reaches to its edges. */
  readonly hero?: boolean;
  /** The live region. */
  readonly said: ComponentChildren;
  readonly children: ComponentChildren;
}

/** A card over the shaded page; {@link enterModal} opens it. */
export function Modal({ view, kit, tokens, enter, named, hero = false, said, children }: ModalProps) {
  return (
    <dialog {...hintProps(view, tokens, enter)} {...named} class="hint modal" autofocus>
      <div class="surface" data-hero={mark(hero)}>
        <div class="scroll">{children}</div>
        <Close kit={kit} />
      </div>
      {said}
    </dialog>
  );
}

const Close = ({ kit: { strings } }: { readonly kit: Kit }) => (
  <button class="x" type="button" data-do="close" lang={strings.locale} aria-label={strings.close}>
    ×
  </button>
);

// Spelt as text first: a definition that nobody has validated may say anything here.
/** The edge a banner stands on: what begins with `bottom` means the lower one, everything else the upper. */
export const edgeOf = (placement: Placement) => (`${placement}`.startsWith("bottom") ? "bottom" : "top");

/** The corner a slideout stands in; the lower one at the end of the line where nothing else is said. */
export function cornerOf(placement: Placement): string {
  const [side = "", align = ""] = `${placement}`.split("-");
  if (side === "left" || side === "right") return `${align === "start" ? "top" : "bottom"}-${side}`;
  return `${side === "top" ? "top" : "bottom"}-${align || "end"}`;
}
