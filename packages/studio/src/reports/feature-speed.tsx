import type { FeatureActivation } from "@cairn/server";
import { useStudio } from "../shell/studio-context.ts";
import { ENOUGH, RateText } from "./rate.tsx";

/** How long it took those who came in the period to activate the feature: quartiles, and shares within fixed times. */
export function FeatureSpeed(props: { readonly feature: FeatureActivation }) {
  const { words, format } = useStudio();
  const { activation } = words;
  const { started, quartiles, within } = props.feature.timeToActivate;
  const quarters = [
    { label: activation.quarter, days: quartiles.p25 },
    { label: activation.half, days: quartiles.median },
    { label: activation.threeQuarters, days: quartiles.p75 },
  ];
  return (
    <section class="panel" aria-labelledby="speed">
      <div class="panel-head">
        <h2 id="speed">{activation.speed}</h2>
        <span class="muted small-text">{activation.speedHelp}</span>
      </div>
      {started < ENOUGH ? (
        <div class="cannot-tell">
          <strong>{activation.cannotTell}</strong>
          <p class="muted">{activation.cannotTellWhy(started)}</p>
        </div>
      ) : (
        <dl class="figures">
          {quarters.map(({ label, days }) => (
            <div key={label}>
              <dt>{label}</dt>
              <dd class={days === null ? "unknown" : undefined}>
                {days === null ? activation.notYet : activation.days(format.decimal(days))}
              </dd>
            </div>
          ))}
          {within.map(({ days, rate, immature }) => (
            <div key={days}>
              <dt>{activation.withinDays(format.number(days))}</dt>
              <dd class="plain">
                <RateText rate={rate} short />
                {immature > 0 && <small class="muted">{activation.immature(format.number(immature))}</small>}
              </dd>
            </div>
          ))}
        </dl>
      )}
    </section>
  );
}
