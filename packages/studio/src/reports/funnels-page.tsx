import type { Reason } from "@cairn/engine";
import type { FunnelReport, Rate } from "@cairn/server";
import { useEffect } from "preact/hooks";
import { read } from "../api/read.ts";
import { useLoad } from "../api/use-load.ts";
import { listFlows } from "../flows/flow-api.ts";
import { useStudio } from "../shell/studio-context.ts";
import { DownloadCsv } from "../ui/download-csv.tsx";
import { Empty, Loaded } from "../ui/load-state.tsx";
import { useQuery } from "../ui/use-query.ts";
import { FunnelWeeks } from "./funnel-weeks.tsx";
import { type Days, daysOf, RangeChoice, rangeStart } from "./range.tsx";
import { RateText } from "./rate.tsx";
import { TargetHealthTable } from "./target-health.tsx";

/** What became of one flow: decided, seen step by step, completed; and why it was held. */
export function FunnelsPage() {
  const { api, words } = useStudio();
  const [query, setQuery] = useQuery();
  const days = daysOf(query.days, "30");
  const flows = useLoad(async () => (await listFlows(api)).filter(({ version }) => version !== null), [api]);
  const chosen = flows.value?.find(({ id }) => id === query.flow) ?? flows.value?.[0];
  useEffect(() => {
    document.title = `${words.funnel.title} · ${words.productName}`;
  }, [words]);
  return (
    <>
      <div class="page-head">
        <div class="titles">
          <h1>{words.funnel.title}</h1>
          <p>{words.funnel.lead}</p>
        </div>
        <div class="controls">
          <label class="inline-field">
            <span class="hidden-visually">{words.funnel.flow}</span>
            <select
              class="input"
              disabled={chosen === undefined}
              value={chosen?.id ?? ""}
              onChange={(event) => setQuery({ flow: event.currentTarget.value })}
            >
              {flows.value?.map(({ id, name }) => (
                <option key={id} value={id}>
                  {name ?? id}
                </option>
              ))}
            </select>
          </label>
          <RangeChoice value={days} onChange={(next) => setQuery({ days: next })} />
          {chosen !== undefined && (
            <DownloadCsv
              name={`funnel-${chosen.id}`}
              load={() =>
                api.v1.reports.funnel.$get({
                  query: { flow: chosen.id, from: rangeStart(days), format: "csv" },
                })
              }
            />
          )}
        </div>
      </div>
      <Loaded of={flows} rows={8}>
        {() =>
          chosen === undefined ? (
            <Empty title={words.funnel.emptyTitle} text={words.funnel.empty}>
              <a class="button" href="/studio/">
                {words.common.backToFlows}
              </a>
            </Empty>
          ) : (
            <Funnel flow={chosen.id} days={days} />
          )
        }
      </Loaded>
    </>
  );
}

function Funnel(props: { readonly flow: string; readonly days: Days }) {
  const { api, words } = useStudio();
  const { flow, days } = props;
  const report = useLoad(
    () => read(api.v1.reports.funnel.$get({ query: { flow, from: rangeStart(days) } })),
    [api, flow, days],
  );
  return (
    <Loaded of={report} rows={8}>
      {(funnel) => {
        const { shown, withheld, held } = funnel.decided;
        if (shown + withheld + funnel.exposed + Object.keys(held).length === 0)
          return (
            <Empty title={words.funnel.noneTitle} text={words.funnel.none}>
              <a class="button" href={`/studio/people?flow=${flow}`}>
                {words.nav.people}
              </a>
            </Empty>
          );
        return (
          <div class="report funnel">
            <Figures funnel={funnel} />
            <Steps funnel={funnel} />
            <Held held={held} holds={funnel.decided.holds} />
            <FunnelWeeks weeks={funnel.weeks} />
            <TargetHealthTable flow={flow} days={days} />
          </div>
        );
      }}
    </Loaded>
  );
}

function Figures(props: { readonly funnel: FunnelReport }) {
  const { words, format } = useStudio();
  const { funnel } = props;
  const share = (rate: Rate | null) => <RateText rate={rate} short />;
  const figures = [
    {
      label: words.funnel.eligible,
      value: words.common.users(funnel.eligible),
      help: words.funnel.eligibleHelp,
    },
    {
      label: words.funnel.triggered,
      value: words.common.users(funnel.triggered),
      help: words.funnel.triggeredHelp,
    },
    {
      label: words.funnel.decided,
      value: words.common.users(funnel.decided.shown),
      help: words.funnel.decidedHelp,
    },
    { label: words.funnel.shown, value: words.common.users(funnel.exposed), help: words.funnel.shownHelp },
    {
      label: words.funnel.completed,
      value: words.common.users(funnel.completed),
      help: share(funnel.completedShare),
    },
    {
      label: words.funnel.dismissed,
      value: words.common.users(funnel.dismissed),
      help: share(funnel.dismissedShare),
    },
    ...(funnel.goal === null
      ? []
      : [
          {
            label: words.funnel.goal,
            value: words.common.users(funnel.goal.users),
            help:
              funnel.goal.within === null ? "" : words.funnel.goalWithin(format.duration(funnel.goal.within)),
          },
        ]),
    {
      label: words.funnel.withheld,
      value: words.common.users(funnel.decided.withheld),
      help: words.funnel.withheldHelp,
    },
  ];
  return (
    <dl class="figures panel">
      {figures.map(({ label, value, help }) => (
        <div key={label}>
          <dt>{label}</dt>
          <dd>
            {value}
            {help !== "" && <small class="muted">{help}</small>}
          </dd>
        </div>
      ))}
    </dl>
  );
}

function Steps(props: { readonly funnel: FunnelReport }) {
  const { words, format } = useStudio();
  const { funnel } = props;
  const { window, immature } = funnel;
  return (
    <section class="panel steps" aria-labelledby="steps">
      <div class="panel-head">
        <h2 id="steps">{words.funnel.steps}</h2>
        <span class="muted small-text">{words.funnel.share}</span>
      </div>
      {window !== null && (
        <p class="panel-body window muted small-text">
          {words.funnelTime.window(format.duration(window))}
          {immature > 0 && <> {words.funnelTime.immature(words.common.users(immature))}</>}
        </p>
      )}
      <ol class="bars">
        {funnel.steps.map(({ id, title, users, share }, index) => (
          <li key={id}>
            <div class="bar-label">
              <span>
                <span class="muted">{index + 1}.</span> {title === "" ? <code>{id}</code> : title}
              </span>
              <span class="bar-figures">
                <span>{words.common.users(users)}</span>
                {index > 0 && <RateText rate={share} short />}
              </span>
            </div>
            <Bar share={funnel.exposed === 0 ? 0 : users / funnel.exposed} />
          </li>
        ))}
      </ol>
    </section>
  );
}

function Held(props: {
  /** People by reason. */
  readonly held: Readonly<Record<string, number>>;
  /** How many times by reason. */
  readonly holds: Readonly<Record<string, number>>;
}) {
  const { words } = useStudio();
  const reasons = Object.entries(props.held).toSorted(([, a], [, b]) => b - a);
  const most = reasons[0]?.[1] ?? 1;
  return (
    <section class="panel held" aria-labelledby="held">
      <div class="panel-head">
        <h2 id="held">{words.funnel.heldWhy}</h2>
        <span class="muted small-text">{words.funnel.heldHelp}</span>
      </div>
      {reasons.length === 0 ? (
        <p class="panel-body muted">{words.funnel.heldNone}</p>
      ) : (
        <ol class="bars">
          {reasons.map(([reason, users]) => (
            <li key={reason}>
              <div class="bar-label">
                <span>
                  {words.reason[reason as Reason] ?? reason} <code class="muted">{reason}</code>
                </span>
                <span class="bar-figures">
                  <span class="muted">{words.funnel.times(props.holds[reason] ?? users)}</span>
                  <span>{words.common.users(users)}</span>
                </span>
              </div>
              <Bar quiet share={users / most} />
            </li>
          ))}
        </ol>
      )}
    </section>
  );
}

/** The number stands beside it in words: the bar itself is only for the eye. */
function Bar(props: { readonly share: number; readonly quiet?: boolean }) {
  return (
    <div class={props.quiet ? "bar quiet" : "bar"} aria-hidden="true">
      <span style={{ width: `${Math.max(props.share * 100, 0.5)}%` }} />
    </div>
  );
}
