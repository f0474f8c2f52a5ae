import type { Outcome, Reason } from "@cairn/engine";
import type { DecisionRow } from "@cairn/server";
import { useEffect, useState } from "preact/hooks";
import { read } from "../api/read.ts";
import { useLoad } from "../api/use-load.ts";
import { listFlows } from "../flows/flow-api.ts";
import { useStudio } from "../shell/studio-context.ts";
import type { Words } from "../text/en.ts";
import { DownloadCsv } from "../ui/download-csv.tsx";
import { Empty, Loaded } from "../ui/load-state.tsx";
import { useQuery } from "../ui/use-query.ts";
import { daysOf, RangeChoice, rangeStart } from "./range.tsx";

const OUTCOMES: readonly Outcome[] = ["shown", "held", "withheld"];

/** Why did this person see that, and why not: every decision, in plain words. */
export function PeoplePage() {
  const { words } = useStudio();
  const [query, setQuery] = useQuery();
  useEffect(() => {
    document.title = `${words.people.title} · ${words.productName}`;
  }, [words]);
  return (
    <>
      <div class="page-head">
        <div class="titles">
          <h1>{words.people.title}</h1>
          <p>{words.people.lead}</p>
        </div>
      </div>
      <div class="people">
        <Finder user={query.user} onChoose={(user) => setQuery({ user })} />
        {query.user === undefined ? (
          <div class="panel panel-body pick">
            <p class="muted">{words.people.pick}</p>
          </div>
        ) : (
          <Decisions key={query.user} user={query.user} />
        )}
      </div>
    </>
  );
}

function Finder(props: { readonly user: string | undefined; readonly onChoose: (user: string) => void }) {
  const { api, words } = useStudio();
  const [typed, setTyped] = useState(props.user ?? "");
  const recent = useLoad(
    async () => (await read(api.v1.reports.decisions.$get({ query: { limit: "1" } }))).users ?? [],
    [api],
  );
  return (
    <section class="panel finder" aria-label={words.people.recent}>
      <form
        class="panel-body"
        onSubmit={(event) => {
          event.preventDefault();
          if (typed.trim() !== "") props.onChoose(typed.trim());
        }}
      >
        <div class="field">
          <label for="user">{words.people.search}</label>
          <div class="with-button">
            <input
              id="user"
              class="input"
              type="search"
              autocomplete="off"
              spellcheck={false}
              placeholder={words.people.searchPlaceholder}
              value={typed}
              onInput={(event) => setTyped(event.currentTarget.value)}
            />
            <button type="submit" class="button">
              {words.people.show}
            </button>
          </div>
        </div>
      </form>
      <h2 class="list-title">{words.people.recent}</h2>
      <Loaded of={recent} rows={6}>
        {(users) =>
          users.length === 0 ? (
            <p class="panel-body muted">{words.people.recentNone}</p>
          ) : (
            <ul class="users">
              {users.map((user) => (
                <li key={user}>
                  <button
                    type="button"
                    aria-pressed={user === props.user}
                    onClick={() => {
                      setTyped(user);
                      props.onChoose(user);
                    }}
                  >
                    {user}
                  </button>
                </li>
              ))}
            </ul>
          )
        }
      </Loaded>
    </section>
  );
}

function Decisions(props: { readonly user: string }) {
  const { api, words, format } = useStudio();
  const { user } = props;
  const [query, setQuery] = useQuery();
  const days = daysOf(query.days, "90");
  const flow = query.flow;
  const outcome = OUTCOMES.find((known) => known === query.outcome);
  const flows = useLoad(() => listFlows(api), [api]);
  const names = new Map(flows.value?.map(({ id, name }) => [id, name ?? id]));
  const report = useLoad(
    () =>
      read(
        api.v1.reports.decisions.$get({
          query: { user, from: rangeStart(days), limit: "500", ...(flow === undefined ? {} : { flow }) },
        }),
      ),
    [api, user, flow, days],
  );
  const rows = report.value?.decisions.filter((row) => outcome === undefined || row.outcome === outcome);
  return (
    <section class="panel decisions" aria-labelledby="decisions">
      <div class="panel-head">
        <h2 id="decisions">{user}</h2>
        <div class="controls">
          <select
            class="input"
            aria-label={words.people.flow}
            value={flow ?? ""}
            onChange={(event) => setQuery({ flow: event.currentTarget.value })}
          >
            <option value="">{words.people.allFlows}</option>
            {flows.value?.map(({ id, name }) => (
              <option key={id} value={id}>
                {name ?? id}
              </option>
            ))}
          </select>
          <select
            class="input"
            aria-label={words.people.outcome}
            value={outcome ?? ""}
            onChange={(event) => setQuery({ outcome: event.currentTarget.value })}
          >
            <option value="">{words.people.allOutcomes}</option>
            {OUTCOMES.map((known) => (
              <option key={known} value={known}>
                {words.outcome[known]}
              </option>
            ))}
          </select>
          <RangeChoice value={days} onChange={(next) => setQuery({ days: next })} />
          <DownloadCsv
            name={`decisions-${user}`}
            load={() =>
              api.v1.reports.decisions.$get({
                query: {
                  user,
                  from: rangeStart(days),
                  limit: "1000",
                  format: "csv",
                  ...(flow === undefined ? {} : { flow }),
                },
              })
            }
          />
        </div>
      </div>
      <Loaded of={report} rows={8}>
        {() =>
          rows === undefined || rows.length === 0 ? (
            <div class="panel-body">
              <Empty title={words.people.noneTitle} text={words.people.none} />
            </div>
          ) : (
            <table class="table cards report-table decision-table">
              <caption>{words.people.decisions(rows.length)}</caption>
              <thead>
                <tr>
                  <th scope="col">{words.people.time}</th>
                  <th scope="col">{words.people.flow}</th>
                  <th scope="col">{words.people.outcome}</th>
                  <th scope="col">{words.people.why}</th>
                  <th scope="col">{words.people.page}</th>
                </tr>
              </thead>
              <tbody>
                {rows.map((row) => (
                  <tr key={`${row.at} ${row.flow} ${row.outcome} ${row.reason}`}>
                    <td class="nowrap">
                      <time dateTime={row.at}>{format.moment(row.at)}</time>
                    </td>
                    <td>
                      <a href={`/studio/flows/${row.flow}`}>{names.get(row.flow) ?? row.flow}</a>
                    </td>
                    <td>
                      <span class={`outcome ${row.outcome}`}>{words.outcome[row.outcome]}</span>
                    </td>
                    <td>{whyOf(row, words)}</td>
                    <td class="muted">{row.page ?? words.common.none}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          )
        }
      </Loaded>
    </section>
  );
}

/** The reason in plain words, then what exactly it was, then how often in a row. */
function whyOf(row: DecisionRow, words: Words) {
  const { reason, detail, count } = row;
  const plain = reason === undefined ? words.people.shownWhy : (words.reason[reason as Reason] ?? reason);
  return (
    <>
      {plain}
      {detail !== undefined && detail !== "" && <code class="detail">{detail}</code>}
      {count !== undefined && count > 1 && <span class="muted"> · {words.people.times(count)}</span>}
    </>
  );
}
