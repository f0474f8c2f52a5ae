import type { ActionView, RunView, StepView } from "@cairn/engine";
import { directionOf } from "./direction.ts";
import { REACH_KEY } from "./reach-key.ts";
import { isChoice, type Kit, line, linkTarget, prose } from "./text.tsx";
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
  const { title, body, media } = step;
  const { strings } = kit;
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
          {media && <Media media={media} locale={view.locale} kit={kit} />}
          {title && words}
          <Foot step={step} titleId={titleId} kit={kit} />
        </div>
      </div>
      <div class="arrow" />
    </div>
  );
}

export interface MediaProps {
  readonly media: NonNullable<StepView["media"]>;
  readonly locale: string;
  readonly kit: Kit;
}

/** An image or video; nothing where the chunk that draws it did not come. */
export function Media(props: MediaProps) {
  const { rich, film } = props.kit;
  const Shown = props.media.type === "video" ? film?.Film : rich?.Picture;
  return Shown ? <Shown {...props} /> : null;
}

/** The buttons of a step, and how far it is. */
export function Foot({ step, titleId, kit }: { step: StepView; titleId: string; kit: Kit }) {
  const { actions, count } = step;
  const { rich, strings } = kit;
  const steps = count > 1 && rich && <rich.Steps step={step} strings={strings} />;
  return actions.length || steps ? (
    <div
      class="foot"
      {...(isChoice(step) && { class: "foot choice", role: "group", "aria-labelledby": titleId })}
    >
      {actions.map((action) => drawAction(action, kit))}
      {steps}
    </div>
  ) : null;
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
