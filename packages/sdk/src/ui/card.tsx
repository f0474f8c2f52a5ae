import type { ActionView, RunView, StepView } from "@cairn/engine";
import { directionOf } from "./direction.ts";
import { REACH_KEY } from "./reach-key.ts";
import { type Kit, line, linkTarget, prose } from "./text.tsx";
import type { Tokens } from "./theme.ts";

export interface CardProps {
  readonly view: RunView;
  readonly step: StepView;
  /** Tells the ids of several hints apart. */
  readonly nth: number;
  readonly kit: Kit;
  readonly tokens: Tokens | undefined;
  /** Whether it comes in with a movement. */
  readonly enter: boolean;
}

/** One step of a tooltip or tour: a non-modal dialog, since it always has at least the button that closes it. */
export function Card({ view, step, nth, kit, tokens, enter }: CardProps) {
  const { title, body, media, actions, count } = step;
  const { rich, strings, allowsUrl } = kit;
  const centred = mark(isCentred(step));
  const titleId = `t${nth}`;
  const bodyId = `b${nth}`;
  const words = body && (
    <div class="prose" id={bodyId}>
      {prose(body, kit)}
    </div>
  );
  return (
    <div
      class="hint card"
      role="dialog"
      data-center={centred}
      data-placed={centred}
      aria-labelledby={title ? titleId : bodyId}
      aria-describedby={title && body && bodyId}
      {...hintProps(view, tokens, enter)}
    >
      <div class="surface">
        <div class="scroll">
          <div class="head">
            {/* Without a title the words stand beside the × themselves, not under an empty line. */}
            {title ? (
              <p class="title" id={titleId}>
                {line(title, kit)}
              </p>
            ) : (
              words
            )}
            <button class="x" type="button" data-do="close" lang={strings.locale} aria-label={strings.close}>
              ×
            </button>
          </div>
          {media && rich && <rich.Picture media={media} allowsUrl={allowsUrl} />}
          {title && words}
          {(actions.length > 0 || count > 1) && (
            <div class="foot">
              {actions.map((action) => drawAction(action, kit))}
              {count > 1 && rich && <rich.Steps step={step} strings={strings} />}
            </div>
          )}
        </div>
      </div>
      <div class="arrow" />
    </div>
  );
}

/** An attribute that is there or not. */
export const mark = (is: boolean) => (is ? "" : undefined);

/** What every hint says of itself, whatever its kind. */
export const hintProps = ({ run, locale }: RunView, tokens: Tokens | undefined, enter: boolean) => ({
  tabIndex: -1,
  "data-run": run,
  "data-enter": mark(enter),
  lang: locale,
  dir: directionOf(locale),
  "aria-keyshortcuts": REACH_KEY,
  style: { ...tokens },
});

export const isCentred = (step: StepView) => !step.target || step.placement === "center";

function drawAction({ id, label, style, href }: ActionView, kit: Kit) {
  const look = { class: `button ${style}`, "data-do": "button", "data-id": id };
  const words = <span>{line(label, kit)}</span>;
  return href && kit.allowsUrl(href) ? (
    <a key={id} {...look} href={href} {...linkTarget(href)}>
      {words}
    </a>
  ) : (
    <button key={id} {...look} type="button">
      {words}
    </button>
  );
}
