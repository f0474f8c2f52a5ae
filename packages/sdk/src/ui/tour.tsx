import type { RunId, StepView } from "@cairn/engine";
import type { Rect } from "./place.ts";
import { fill, type Strings } from "./strings/strings.ts";
import type { Tokens } from "./theme.ts";

/** Dots only while they can be taken in at a glance. */
const MOST_DOTS = 7;

/** How far the tour is. */
export function Steps({ step, strings }: { readonly step: StepView; readonly strings: Strings }) {
  const { index, count } = step;
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

export interface SpotProps {
  readonly run: RunId;
  readonly centred: boolean;
  readonly enter: boolean;
  readonly tokens: Tokens | undefined;
}

/** The ring around the target of a tour's step, with the shade around it. */
export function Spot({ run, centred, enter, tokens }: SpotProps) {
  return (
    <div
      class="spot"
      data-spot={run}
      data-center={centred ? "" : undefined}
      data-enter={enter ? "" : undefined}
      style={{ ...tokens }}
    />
  );
}

/** Room between the target and the ring. */
const ROOM = 4;

/** Puts the run's ring around this place, or away with its target. */
export function spotAt(layer: HTMLElement, run: RunId, rect: Rect | null): void {
  for (const spot of layer.querySelectorAll<HTMLElement>(".spot")) {
    if (spot.dataset.spot !== run) continue;
    spot.toggleAttribute("data-away", rect === null);
    if (rect === null) continue;
    spot.style.translate = `${rect.x - ROOM}px ${rect.y - ROOM}px`;
    spot.style.width = `${rect.width + ROOM * 2}px`;
    spot.style.height = `${rect.height + ROOM * 2}px`;
  }
}
