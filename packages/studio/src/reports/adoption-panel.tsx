import type { AdoptionFigure, AdoptionReport } from "@cairn/server";
import { read } from "../api/read.ts";
import { useLoad } from "../api/use-load.ts";
import { useStudio } from "../shell/studio-context.ts";
import { DownloadCsv } from "../ui/download-csv.tsx";
import { Loaded } from "../ui/load-state.tsx";
import { type Days, rangeStart } from "./range.tsx";
import { RateText } from "./rate.tsx";

const FIGURES = ["breadth", "depth", "frequency"] as const;

/** How far accounts have taken the product up: three figures now, and week by week. */
export function AdoptionPanel(props: { readonly days: Days }) {
  const { api, words } = useStudio();
  const { days } = props;
  const { adoption } = words;
  const asked = () => ({ from: rangeStart(days) });
  const report = useLoad(
    () => read(api.v1.reports.adoption.$get({ query: { ...asked(), limit: "1" } })),
    [api, days],
  );
  return (
    <section class="panel adoption" aria-labelledby="adoption">
      <div class="panel-head">
        <h2 id="adoption">{adoption.title}</h2>
        <span class="muted small-text grow">{adoption.help}</span>
        <DownloadCsv
          name="adoption"
          load={() => api.v1.reports.adoption.$get({ query: { ...asked(), limit: "10000", format: "csv" } })}
        />
      </div>
      <Loaded of={report} rows={3}>
        {(found) =>
          found.accounts === 0 ? (
            <p class="panel-body muted">{adoption.noAccounts}</p>
          ) : (
            <>
              {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
              {/* biome-ignore lint/a11y/useSemanticElements: a fieldset is for forms, and the panel around it is the landmark */}
              <div class="scroll-x" role="group" aria-labelledby="adoption" tabIndex={0}>
                <FigureTable report={found} />
              </div>
              <Notes report={found} />
              {FIGURES.some((figure) => found[figure].trend) && (
                // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
                <section class="scroll-x" aria-label={adoption.weeks} tabIndex={0}>
                  <WeekTable report={found} />
                </section>
              )}
            </>
          )
        }
      </Loaded>
    </section>
  );
}

function FigureTable(props: { readonly report: AdoptionReport }) {
  const { words, format } = useStudio();
  const { adoption } = words;
  const { report } = props;
  return (
    <table class="table report-table">
      <thead>
        <tr>
          <th scope="col">{adoption.figure}</th>
          <th scope="col" class="num">
            {adoption.median}
          </th>
          <th scope="col" class="num">
            {adoption.middle}
          </th>
          <th scope="col">{adoption.none}</th>
          <th scope="col">{adoption.full}</th>
          <th scope="col" class="num">
            {adoption.counted}
          </th>
          <th scope="col" class="num">
            {adoption.missing}
          </th>
        </tr>
      </thead>
      <tbody>
        {FIGURES.map((name) => {
          const figure = report[name];
          const { p25, p75 } = figure.quartiles;
          return (
            <tr key={name}>
              <th scope="row">
                {adoption.names[name]}
                <small class="muted">{adoption.means[name]}</small>
              </th>
              <td class="num">
                <Median figure={figure} />
              </td>
              <td class="num muted">
                {figure.trend && p25 !== null && p75 !== null
                  ? adoption.between(format.percent(p25), format.percent(p75))
                  : "–"}
              </td>
              <td>
                <RateText rate={figure.none} short />
              </td>
              <td>
                <RateText rate={figure.full} short />
              </td>
              <td class="num">{format.number(figure.n)}</td>
              <td class="num muted">{format.number(figure.missing)}</td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}

/** What the figures do not say by themselves: who is in none of them, and whose seats are not known. */
function Notes(props: { readonly report: AdoptionReport }) {
  const { words, format } = useStudio();
  const { adoption } = words;
  const { immature, depth } = props.report;
  const notes = [
    ...(immature > 0 ? [adoption.immature(words.common.accounts(immature))] : []),
    ...(depth.over > 0 ? [`${adoption.names.depth}: ${adoption.over(format.number(depth.over))}`] : []),
    ...(depth.n === 0 ? [adoption.noSeats] : []),
  ];
  if (notes.length === 0) return null;
  return <p class="panel-body muted small-text">{notes.join(" · ")}</p>;
}

function WeekTable(props: { readonly report: AdoptionReport }) {
  const { words, format } = useStudio();
  const { adoption, activation } = words;
  const weeks = props.report.weeks.filter(({ accounts }) => accounts > 0);
  return (
    <table class="table report-table weeks">
      <caption>{adoption.weeks}</caption>
      <thead>
        <tr>
          <th scope="col">{activation.week}</th>
          {FIGURES.map((name) => (
            <th key={name} scope="col" class="num">
              {adoption.names[name]}
            </th>
          ))}
          <th scope="col" class="num">
            {adoption.accounts}
          </th>
          <th scope="col" class="num">
            {adoption.tooNew}
          </th>
        </tr>
      </thead>
      <tbody>
        {weeks.toReversed().map((week) => (
          <tr key={week.week} class={week.complete ? undefined : "unfinished"}>
            <th scope="row">
              <time dateTime={week.week}>{format.day(week.week)}</time>
              {!week.complete && <span class="muted"> · {activation.incomplete}</span>}
            </th>
            {FIGURES.map((name) => (
              <td key={name} class="num">
                <Median figure={week[name]} />
              </td>
            ))}
            <td class="num">{format.number(week.accounts)}</td>
            <td class="num muted">{format.number(week.immature)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** What half of the accounts reach, or the honest "cannot tell yet". */
function Median(props: { readonly figure: AdoptionFigure }) {
  const { words, format } = useStudio();
  const { n, trend, quartiles } = props.figure;
  if (n === 0) return <span class="muted">–</span>;
  if (!trend || quartiles.median === null)
    return <span class="muted small-text">{words.activation.cannotTell}</span>;
  return <strong>{format.percent(quartiles.median)}</strong>;
}
