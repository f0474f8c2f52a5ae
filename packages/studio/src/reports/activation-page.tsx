import type { FeatureActivation } from "@cairn/server";
import { useEffect } from "preact/hooks";
import { read } from "../api/read.ts";
import { useLoad } from "../api/use-load.ts";
import { useStudio } from "../shell/studio-context.ts";
import { DownloadCsv } from "../ui/download-csv.tsx";
import { Empty, Loaded } from "../ui/load-state.tsx";
import { useQuery } from "../ui/use-query.ts";
import { ActivationChart } from "./activation-chart.tsx";
import { AdoptionPanel } from "./adoption-panel.tsx";
import { FeatureGroups } from "./feature-groups.tsx";
import { FeatureSpeed } from "./feature-speed.tsx";
import { GroupChoice } from "./group-choice.tsx";
import { daysOf, RangeChoice, rangeStart } from "./range.tsx";
import { ENOUGH, RateText, tells } from "./rate.tsx";
import { STATES } from "./states.ts";
import { Strata } from "./strata.tsx";

/** Who tried, activated, kept or lost each feature: all of them now, one of them week by week. */
export function ActivationPage() {
  const { api, words } = useStudio();
  const [query, setQuery] = useQuery();
  const days = daysOf(query.days, "90");
  const by = query.by || undefined;
  // Weeks by the environment's clocks, not the reader's: two people look at the same numbers.
  const asked = () => ({ from: rangeStart(days), ...(by === undefined ? {} : { by }) });
  const report = useLoad(
    async () => (await read(api.v1.reports.activation.$get({ query: asked() }))).features,
    [api, days, by],
  );
  useEffect(() => {
    document.title = `${words.activation.title} · ${words.productName}`;
  }, [words]);
  return (
    <>
      <div class="page-head">
        <div class="titles">
          <h1>{words.activation.title}</h1>
          <p>{words.activation.lead}</p>
        </div>
        <div class="controls">
          <GroupChoice value={by} onChange={(next) => setQuery({ by: next })} />
          <RangeChoice value={days} from="30" onChange={(next) => setQuery({ days: next })} />
          <DownloadCsv
            name="activation"
            load={() => api.v1.reports.activation.$get({ query: { ...asked(), format: "csv" } })}
          />
        </div>
      </div>
      <Loaded of={report} rows={10}>
        {(features) => {
          const chosen = features.find(({ id }) => id === query.feature) ?? features[0];
          if (chosen === undefined)
            return <Empty title={words.activation.emptyTitle} text={words.activation.empty} />;
          return (
            <div class="report">
              <FeatureTable
                features={features}
                chosen={chosen.id}
                onChoose={(feature) => setQuery({ feature })}
              />
              {by !== undefined && <FeatureGroups feature={chosen} by={by} />}
              <FeatureWeeks feature={chosen} />
              <FeatureSpeed feature={chosen} />
              <AdoptionPanel days={days} />
            </div>
          );
        }}
      </Loaded>
    </>
  );
}

function FeatureTable(props: {
  readonly features: readonly FeatureActivation[];
  readonly chosen: string;
  readonly onChoose: (id: string) => void;
}) {
  const { words, format } = useStudio();
  const { activation } = words;
  return (
    <section class="panel scroll-x" aria-label={activation.feature}>
      <table class="table report-table features">
        <thead>
          <tr>
            <th scope="col">{activation.feature}</th>
            <th scope="col" class="wide">
              {activation.now}
            </th>
            {STATES.map((state) => (
              <th key={state} scope="col" class="num">
                <span class={`swatch ${state}`} aria-hidden="true" />
                {activation.states[state]}
              </th>
            ))}
            <th scope="col" class="num">
              {activation.entitled}
            </th>
            <th scope="col">{activation.rate}</th>
          </tr>
        </thead>
        <tbody>
          {props.features.map((feature) => (
            <tr key={feature.id} class={feature.id === props.chosen ? "chosen" : undefined}>
              <th scope="row">
                <button
                  type="button"
                  class="row-button"
                  aria-pressed={feature.id === props.chosen}
                  onClick={() => props.onChoose(feature.id)}
                >
                  {feature.name}
                </button>
              </th>
              <td class="wide">
                <Strata states={feature.states} />
              </td>
              {STATES.map((state) => (
                <td key={state} class="num">
                  {format.number(feature.states[state])}
                </td>
              ))}
              <td class="num muted">
                {feature.unit === "user"
                  ? words.common.users(feature.entitled)
                  : words.common.accounts(feature.entitled)}
              </td>
              <td>
                <RateText rate={feature.rate} short />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function FeatureWeeks(props: { readonly feature: FeatureActivation }) {
  const { words, format } = useStudio();
  const { feature } = props;
  const { activation } = words;
  const total = feature.rate?.n ?? 0;
  const quiet = feature.weeks.every(
    ({ active, tried, activated, lapsed }) => active + tried + activated + lapsed === 0,
  );
  return (
    <section class="panel" aria-labelledby="weeks">
      <div class="panel-head">
        <h2 id="weeks">{feature.name}</h2>
        <RateText rate={feature.rate} />
      </div>
      {quiet ? (
        <div class="panel-body">
          <Empty title={activation.noDataTitle} text={activation.noData} />
        </div>
      ) : (
        <>
          <div class="panel-body">
            {tells(feature.rate) || feature.entitled >= ENOUGH ? (
              <>
                <ul class="legend">
                  {STATES.filter((state) => state !== "untried").map((state) => (
                    <li key={state}>
                      <span class={`swatch ${state}`} aria-hidden="true" />
                      {activation.states[state]} <span class="muted">{activation.statesHelp[state]}</span>
                    </li>
                  ))}
                </ul>
                <ActivationChart feature={feature} />
              </>
            ) : (
              <div class="cannot-tell">
                <strong>{activation.cannotTell}</strong>
                <p class="muted">{activation.cannotTellWhy(total)}</p>
              </div>
            )}
          </div>
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: on a phone it scrolls, and the keyboard has to reach it. */}
          <section class="scroll-x" aria-label={activation.tableCaption(feature.name)} tabIndex={0}>
            <table class="table report-table weeks">
              <caption class="hidden-visually">{activation.tableCaption(feature.name)}</caption>
              <thead>
                <tr>
                  <th scope="col">{activation.week}</th>
                  <th scope="col" class="num">
                    {activation.states.activated}
                  </th>
                  <th scope="col" class="num">
                    {activation.newly}
                  </th>
                  <th scope="col" class="num" title={activation.retainedHelp}>
                    {activation.retained}
                  </th>
                  <th scope="col" class="num">
                    {activation.states.tried}
                  </th>
                  <th scope="col" class="num">
                    {activation.states.lapsed}
                  </th>
                  <th scope="col" class="num">
                    {activation.active}
                  </th>
                  <th scope="col" class="num">
                    {activation.entitled}
                  </th>
                </tr>
              </thead>
              <tbody>
                {feature.weeks.toReversed().map((week) => (
                  <tr key={week.week} class={week.complete ? undefined : "unfinished"}>
                    <th scope="row">
                      <time dateTime={week.week}>{format.day(week.week)}</time>
                      {!week.complete && <span class="muted"> · {activation.incomplete}</span>}
                    </th>
                    <td class="num">{format.number(week.activated)}</td>
                    <td class="num">{format.number(week.newlyActivated)}</td>
                    <td class="num">{format.number(week.retained)}</td>
                    <td class="num">{format.number(week.tried)}</td>
                    <td class="num">{format.number(week.lapsed)}</td>
                    <td class="num">{format.number(week.active)}</td>
                    <td class="num muted">{format.number(week.entitled)}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </section>
        </>
      )}
    </section>
  );
}
