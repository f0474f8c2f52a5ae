import type { ActionView, RunView, StepView } from "@cairn/engine";
import { directionOf } from "./direction.ts";
import { CLOSE, Icon } from "./icon.tsx";
import { REACH_KEY } from "./reach-key.ts";
import { fill, type Strings } from "./strings/strings.ts";
import { type AllowsUrl, Line, lineOf, linkTarget, Prose } from "./text.tsx";
import type { Tokens } from "./theme.ts";

export interface CardProps {
  readonly view: RunView;
  readonly step: StepView;
  /** Tells the ids of several hints apart. */
  readonly nth: number;
  readonly strings: Strings;
  readonly tokens: Tokens;
  /** Whether it comes in with a movement. */
  readonly enter: boolean;
  readonly allowsUrl: AllowsUrl;
}

/** One step of a tooltip or tour: a non-modal dialog, since it always has at least the button that closes it. */
export function Card({ view, step, nth, strings, tokens, enter, allowsUrl }: CardProps) {
  const { title, body, media, actions } = step;
  const centred = isCentred(step);
  const [titleId, bodyId] = [`t${nth}`, `b${nth}`];
  return (
    <div
      class="hint card"
      role="dialog"
      tabIndex={-1}
      data-run={view.run}
      data-center={centred ? "" : undefined}
      data-placed={centred ? "" : undefined}
      data-enter={enter ? "" : undefined}
      lang={view.locale}
      dir={directionOf(view.locale)}
      aria-labelledby={title === undefined ? bodyId : titleId}
      aria-describedby={title === undefined || body === undefined ? undefined : bodyId}
      aria-keyshortcuts={REACH_KEY}
      style={{ ...tokens }}
    >
      <div class="surface">
        <div class="scroll">
          <div class="head">
            {/* Without a title the words stand beside the × themselves, not under an empty line. */}
            {title === undefined ? (
              <div class="prose" id={bodyId}>
                {body && <Prose text={body} allowsUrl={allowsUrl} />}
              </div>
            ) : (
              <p class="title" id={titleId}>
                <Line text={title} />
              </p>
            )}
            <button class="x" type="button" data-do="close" lang={strings.locale} aria-label={strings.close}>
              <Icon path={CLOSE} />
            </button>
          </div>
          {media && <Picture media={media} allowsUrl={allowsUrl} />}
          {title && body && (
            <div class="prose" id={bodyId}>
              <Prose text={body} allowsUrl={allowsUrl} />
            </div>
          )}
          {(actions.length > 0 || step.count > 1) && (
            <div class="foot">
              {actions.map((action) => (
                <Action key={action.id} action={action} allowsUrl={allowsUrl} />
              ))}
              {step.count > 1 && <Steps step={step} strings={strings} />}
            </div>
          )}
        </div>
      </div>
      <div class="arrow" />
    </div>
  );
}

export const isCentred = (step: StepView) => step.target === null || step.placement === "center";

function Action({ action, allowsUrl }: { readonly action: ActionView; readonly allowsUrl: AllowsUrl }) {
  const { id, label, style, href } = action;
  const look = { class: `button ${style}`, "data-do": "button", "data-id": id };
  return href !== undefined && allowsUrl(href) ? (
    <a {...look} href={href} {...linkTarget(href)}>
      <Line text={label} />
    </a>
  ) : (
    <button {...look} type="button">
      <span>
        <Line text={label} />
      </span>
    </button>
  );
}

/** Dots only while they can be taken in at a glance. */
const MOST_DOTS = 7;

function Steps({ step: { index, count }, strings }: { readonly step: StepView; readonly strings: Strings }) {
  return (
    <div class="steps">
      {count <= MOST_DOTS && (
        <span class="dots" aria-hidden="true">
          {Array.from({ length: count }, (_, at) => (
            <i class={at === index ? "on" : ""} />
          ))}
        </span>
      )}
      {/* Isolated: its direction may not be the hint's. */}
      <bdi lang={strings.locale}>{fill(strings.progress, { n: index + 1, count })}</bdi>
    </div>
  );
}

/** Width and height reserve the room before the file is there. */
function Picture({
  media,
  allowsUrl,
}: {
  readonly media: NonNullable<StepView["media"]>;
  readonly allowsUrl: AllowsUrl;
}) {
  const { type, src, alt, width, height, poster, captions = {} } = media;
  if (!allowsUrl(src)) return null;
  const box = { class: "media", src, width, height, style: { aspectRatio: `${width} / ${height}` } };
  return type === "image" ? (
    <img {...box} alt={lineOf(alt)} referrerpolicy="no-referrer" />
  ) : (
    <video
      {...box}
      aria-label={lineOf(alt)}
      controls
      playsInline
      preload="none"
      poster={poster !== undefined && allowsUrl(poster) ? poster : undefined}
    >
      {Object.entries(captions).map(
        ([locale, url]) => allowsUrl(url) && <track kind="captions" srcLang={locale} src={url} />,
      )}
    </video>
  );
}
