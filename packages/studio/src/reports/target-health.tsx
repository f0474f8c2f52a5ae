import type { TargetHealth } from "@cairn/server";
import { Fragment } from "preact";
import { read } from "../api/read.ts";
import { useLoad } from "../api/use-load.ts";
import { useStudio } from "../shell/studio-context.ts";
import { DownloadCsv } from "../ui/download-csv.tsx";
import { Loaded } from "../ui/load-state.tsx";
import { type Days, rangeStart } from "./range.tsx";
import { RateText } from "./rate.tsx";

type Health = Pick<TargetHealth, "looked" | "found" | "fallbacks" | "missing" | "reached">;

/** Whether the flow's steps find their elements: by the first choice, by a fallback, or not at all; by release. */
export function TargetHealthTable(props: { readonly flow: string; readonly days: Days }) {
  const { api, words } = useStudio();
  const { flow, days } = props;
  const report = useLoad(
    () => read(api.v1.reports.targets.$get({ query: { flow, from: rangeStart(days) } })),
    [api, flow, days],
  );
  return (
    <section class="panel targets" aria-labelledby="targets">
      <div class="panel-head">
        <h2 id="targets">{words.funnel.targets}</h2>
        <span class="muted small-text grow">{words.funnel.targetsHelp}</span>
        <DownloadCsv
          name={`targets-${flow}`}
          load={() => api.v1.reports.targets.$get({ query: { flow, from: rangeStart(days), format: "csv" } })}
        />
      </div>
      <Loaded of={report} rows={3}>
        {({ steps }) =>
          steps.every(({ looked, waiting }) => looked + waiting === 0) ? (
            <p class="panel-body muted">{words.funnel.targetsNone}</p>
          ) : (
            // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
            // biome-ignore lint/a11y/useSemanticElements: a fieldset is for forms, and the panel around it is the landmark
            <div class="scroll-x" role="group" aria-labelledby="targets" tabIndex={0}>
              <TargetTable steps={steps} />
            </div>
          )
        }
      </Loaded>
    </section>
  );
}

function TargetTable(props: { readonly steps: readonly TargetHealth[] }) {
  const { words } = useStudio();
  const { funnel } = words;
  return (
    <table class="table report-table target-table">
      <thead>
        <tr>
          <th scope="col">{funnel.step}</th>
          <th scope="col" class="wide">
            <span class="hidden-visually">{funnel.targets}</span>
          </th>
          <th scope="col" class="num">
            {funnel.looked}
          </th>
          <th scope="col" class="num">
            <span class="swatch found" aria-hidden="true" />
            {funnel.found}
          </th>
          <th scope="col" class="num">
            <span class="swatch fallback" aria-hidden="true" />
            {funnel.fallback}
          </th>
          <th scope="col" class="num">
            <span class="swatch missing" aria-hidden="true" />
            {funnel.missing}
          </th>
          <th scope="col">{funnel.reached}</th>
        </tr>
      </thead>
      <tbody>
        {props.steps.map((step) => {
          // One release that nobody named says nothing that the step's own row does not.
          const releases = step.releases.filter(
            ({ release }) => release !== null || step.releases.length > 1,
          );
          return (
            <Fragment key={step.step}>
              <tr>
                <th scope="row">
                  {step.title} <code class="muted">{step.target}</code>
                  {step.waiting > 0 && (
                    <small class="muted">{funnel.waiting(words.common.users(step.waiting))}</small>
                  )}
                </th>
                <Cells health={step} />
              </tr>
              {releases.map((one) => (
                <tr key={one.release} class="release">
                  <th scope="row">{one.release ?? funnel.noRelease}</th>
                  <Cells health={one} />
                </tr>
              ))}
            </Fragment>
          );
        })}
      </tbody>
    </table>
  );
}

function Cells(props: { readonly health: Health }) {
  const { words, format } = useStudio();
  const { looked, found, fallbacks, missing, reached } = props.health;
  const fellBack = looked - found - missing;
  const ranks = fallbacks.map(({ rank, runs }) =>
    words.funnel.rank(format.number(rank), format.number(runs)),
  );
  return (
    <>
      <td class="wide">
        <div class="strata" aria-hidden="true">
          {found > 0 && <span class="found" style={{ flexGrow: found }} />}
          {fellBack > 0 && <span class="fallback" style={{ flexGrow: fellBack }} />}
          {missing > 0 && <span class="missing" style={{ flexGrow: missing }} />}
        </div>
      </td>
      <td class="num">{format.number(looked)}</td>
      <td class="num">{format.number(found)}</td>
      <td class="num" title={ranks.join(", ")}>
        {format.number(fellBack)}
      </td>
      <td class={missing > 0 ? "num bad" : "num"}>{format.number(missing)}</td>
      <td>
        <RateText rate={reached} short />
      </td>
    </>
  );
}
