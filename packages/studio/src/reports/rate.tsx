import type { Rate } from "@cairn/server";
import { useStudio } from "../shell/studio-context.ts";

/** Below this many people a share is not told: it would move with every single one. */
export const ENOUGH = 30;

/** Whether there are enough people for the share to mean anything. */
export function tells(rate: Rate | null): rate is Rate {
  return rate !== null && rate.n >= ENOUGH;
}

/** A share with its interval and its n, or the honest "cannot tell yet". */
export function RateText(props: { readonly rate: Rate | null; readonly short?: boolean }) {
  const { words, format } = useStudio();
  const { rate } = props;
  const counts =
    rate === null ? null : (
      <span class="muted rate-n">
        {words.activation.of(format.number(rate.numerator), format.number(rate.n))}
      </span>
    );
  if (!tells(rate))
    return (
      <span class="rate">
        <span class="muted">{words.activation.cannotTell}</span> {counts}
      </span>
    );
  const [low, high] = [format.percent(rate.low), format.percent(rate.high)];
  return (
    <span class="rate">
      <strong>{format.percent(rate.value)}</strong>{" "}
      <span class="muted rate-n" title={words.activation.interval(low, high)}>
        {props.short ? `${low} – ${high}` : words.activation.interval(low, high)}
      </span>{" "}
      {!props.short && counts}
    </span>
  );
}
