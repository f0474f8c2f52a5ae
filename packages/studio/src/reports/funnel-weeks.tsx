import type { Reason } from "@cairn/engine";
import type { FunnelReport } from "@cairn/server";
import { useStudio } from "../shell/studio-context.ts";

/** What was decided in each week: for how many people, how, and what held it most. */
export function FunnelWeeks(props: { readonly weeks: FunnelReport["weeks"] }) {
  const { words, format } = useStudio();
  const { funnel, funnelTime, activation } = words;
  return (
    <section class="panel decided-weeks" aria-labelledby="decided-weeks">
      <div class="panel-head">
        <h2 id="decided-weeks">{funnelTime.weeks}</h2>
        <span class="muted small-text">{funnelTime.weeksHelp}</span>
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
      {/* biome-ignore lint/a11y/useSemanticElements: a fieldset is for forms, and the panel around it is the landmark */}
      <div class="scroll-x" role="group" aria-labelledby="decided-weeks" tabIndex={0}>
        <table class="table report-table weeks">
          <thead>
            <tr>
              <th scope="col">{activation.week}</th>
              <th scope="col" class="num">
                {funnel.triggered}
              </th>
              <th scope="col" class="num">
                {funnel.decided}
              </th>
              <th scope="col" class="num">
                {funnel.withheld}
              </th>
              <th scope="col">{funnelTime.heldMost}</th>
            </tr>
          </thead>
          <tbody>
            {props.weeks.toReversed().map(({ week, complete, triggered, decided }) => {
              const [most] = Object.entries(decided.held).toSorted(([, a], [, b]) => b - a);
              return (
                <tr key={week} class={complete ? undefined : "unfinished"}>
                  <th scope="row">
                    <time dateTime={week}>{format.day(week)}</time>
                    {!complete && <span class="muted"> · {activation.incomplete}</span>}
                  </th>
                  <td class="num">{format.number(triggered)}</td>
                  <td class="num">{format.number(decided.shown)}</td>
                  <td class="num">{format.number(decided.withheld)}</td>
                  <td class="most">
                    {most === undefined ? (
                      <span class="muted">–</span>
                    ) : (
                      <>
                        {words.reason[most[0] as Reason] ?? most[0]}{" "}
                        <span class="muted">{words.common.users(most[1])}</span>
                      </>
                    )}
                  </td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </div>
    </section>
  );
}
