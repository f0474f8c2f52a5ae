import type { Flow, FlowKind } from "@cairn/flow-schema";
import { useEffect, useMemo, useState } from "preact/hooks";
import { read } from "../api/read.ts";
import { useLoad } from "../api/use-load.ts";
import { useStudio } from "../shell/studio-context.ts";
import { Empty, Loaded } from "../ui/load-state.tsx";
import { Segmented } from "../ui/segmented.tsx";
import { CreateDialog } from "./create-dialog.tsx";
import { type FlowSummary, listFlows, listPlans, loadDraft } from "./flow-api.ts";
import { ReviewChip, type ShownState, StateChip, stateOf } from "./flow-state.tsx";
import { Plans } from "./plans.tsx";
import { PublishManyDialog } from "./publish-many-dialog.tsx";

const DAY_MS = 86_400_000;
/** One request a flow: with more flows than this the list does without owner, priority and reach. */
const DETAILS_UP_TO = 60;

type Filter = ShownState | "all" | "waiting" | "archived";

/** What the list shows beyond the server's summary, loaded after it. */
interface Details {
  readonly flow?: Flow;
  readonly shown?: number;
}

/** Every flow of the environment: find one, see where it stands, start a new one. */
export function FlowsPage() {
  const { api, words, go, mayPublish } = useStudio();
  const [state, setState] = useState<Filter>("all");
  const archived = state === "archived";
  const flows = useLoad(() => listFlows(api, archived), [api, archived]);
  const plans = useLoad(() => listPlans(api), [api, flows.value]);
  const details = useDetails(flows.value);
  const [search, setSearch] = useState("");
  const [many, setMany] = useState(false);
  const [creating, setCreating] = useState(false);
  useEffect(() => {
    document.title = `${words.flows.title} · ${words.productName}`;
  }, [words]);

  const found = useMemo(
    () => flows.value?.filter((flow) => passes(flow, state) && matches(flow, details.get(flow.id), search)),
    [flows.value, details, search, state],
  );
  const waiting = archived ? [] : (flows.value?.filter((flow) => flow.state !== "published") ?? []);
  const someWait = state === "waiting" || flows.value?.some(({ review }) => review !== null) === true;
  return (
    <>
      <div class="page-head">
        <div class="titles">
          <h1>{words.flows.title}</h1>
          <p>{words.flows.lead}</p>
        </div>
        <div class="controls">
          {mayPublish && waiting.length > 1 && (
            <button type="button" class="button" onClick={() => setMany(true)}>
              {words.many.open}
            </button>
          )}
          <button type="button" class="button primary" onClick={() => setCreating(true)}>
            {words.flows.create}
          </button>
        </div>
      </div>
      <Plans plans={plans} nameOf={(id) => flows.value?.find((flow) => flow.id === id)?.name ?? id} />
      <div class="filters">
        <input
          class="input search"
          type="search"
          aria-label={words.flows.search}
          placeholder={words.flows.search}
          value={search}
          onInput={(event) => setSearch(event.currentTarget.value)}
        />
        <div class="scroll-x">
          <Segmented
            label={words.flows.state}
            value={state}
            options={[
              { value: "all", label: words.common.all },
              { value: "published", label: words.flows.states.published },
              { value: "changed", label: words.flows.states.changed },
              { value: "draft", label: words.flows.states.draft },
              { value: "disabled", label: words.flows.states.disabled },
              ...(someWait ? [{ value: "waiting" as const, label: words.review.waiting }] : []),
              { value: "archived", label: words.archive.filter },
            ]}
            onChange={setState}
          />
        </div>
        <span class="muted count" role="status">
          {found === undefined ? "" : words.flows.found(found.length)}
        </span>
      </div>
      <Loaded of={flows} rows={8}>
        {(all) =>
          archived && all.length === 0 ? (
            <Empty title={words.archive.emptyTitle} text={words.archive.empty} />
          ) : all.length === 0 ? (
            <Empty title={words.flows.emptyTitle} text={words.flows.empty}>
              <button type="button" class="button primary" onClick={() => setCreating(true)}>
                {words.flows.create}
              </button>
            </Empty>
          ) : (found ?? []).length === 0 ? (
            <Empty title={words.flows.noMatchTitle} text={words.flows.noMatch}>
              <button
                type="button"
                class="button"
                onClick={() => {
                  setSearch("");
                  setState("all");
                }}
              >
                {words.flows.clear}
              </button>
            </Empty>
          ) : (
            <FlowTable flows={found ?? []} details={details} />
          )
        }
      </Loaded>
      {many && (
        <PublishManyDialog
          flows={waiting}
          onClose={() => setMany(false)}
          onDone={() => {
            setMany(false);
            flows.reload();
          }}
        />
      )}
      {creating && (
        <CreateDialog
          taken={new Set(flows.value?.map(({ id }) => id) ?? [])}
          onClose={() => setCreating(false)}
          onCreated={(id) => go(`/studio/flows/${id}`)}
        />
      )}
    </>
  );
}

function FlowTable(props: {
  readonly flows: readonly FlowSummary[];
  readonly details: ReadonlyMap<string, Details>;
}) {
  const { words, format } = useStudio();
  const { columns, kind } = words.flows;
  const none = <span class="muted">{words.common.none}</span>;
  return (
    <div class="panel">
      <table class="table cards flows">
        <thead>
          <tr>
            <th scope="col">{columns.flow}</th>
            <th scope="col">{columns.kind}</th>
            <th scope="col">{columns.state}</th>
            <th scope="col">{columns.owner}</th>
            <th scope="col">{columns.category}</th>
            <th scope="col" class="num">
              {columns.priority}
            </th>
            <th scope="col" class="num">
              {columns.shown}
            </th>
            <th scope="col">{columns.published}</th>
          </tr>
        </thead>
        <tbody>
          {props.flows.map((flow) => {
            const { flow: draft, shown } = props.details.get(flow.id) ?? {};
            return (
              <tr key={flow.id}>
                <th scope="row">
                  <a class="row-link" href={`/studio/flows/${flow.id}`}>
                    {flow.name ?? flow.id}
                  </a>
                  <code class="muted">{flow.id}</code>
                </th>
                <td data-label={columns.kind}>{kind[flow.kind as FlowKind] ?? flow.kind}</td>
                <td data-label={columns.state}>
                  <span class="chips">
                    <StateChip flow={flow} />
                    <ReviewChip flow={flow} />
                  </span>
                </td>
                <td data-label={columns.owner}>{draft?.owner ?? none}</td>
                <td data-label={columns.category}>{draft?.category ?? none}</td>
                <td data-label={columns.priority} class="num">
                  {draft === undefined ? none : format.number(draft.priority ?? 50)}
                </td>
                <td data-label={columns.shown} class="num">
                  {shown === undefined ? none : format.number(shown)}
                </td>
                <td data-label={columns.published} class="nowrap">
                  {flow.publishedAt === null ? (
                    none
                  ) : (
                    <time dateTime={flow.publishedAt} title={format.dateTime(flow.publishedAt)}>
                      {format.date(flow.publishedAt)}
                    </time>
                  )}
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}

/** Reads each flow's draft and its last week, one flow after another, and fills the list as they come. */
function useDetails(flows: readonly FlowSummary[] | undefined): ReadonlyMap<string, Details> {
  const { api } = useStudio();
  const [details, setDetails] = useState<ReadonlyMap<string, Details>>(new Map());
  useEffect(() => {
    if (flows === undefined || flows.length > DETAILS_UP_TO) return;
    let left = false;
    const from = new Date(Date.now() - 7 * DAY_MS).toISOString();
    const keep = (id: string, part: Details) => {
      if (!left) setDetails((before) => new Map(before).set(id, { ...before.get(id), ...part }));
    };
    // A missing detail is a dash in the list, not an error: the list itself is there.
    for (const { id } of flows)
      loadDraft(api, id).then(
        ({ flow }) => keep(id, { flow }),
        () => undefined,
      );
    (async () => {
      for (const { id, version } of flows) {
        if (left) return;
        if (version === null) continue;
        const report = await read(api.v1.reports.funnel.$get({ query: { flow: id, from } })).catch(
          () => undefined,
        );
        if (report !== undefined) keep(id, { shown: report.exposed });
      }
    })();
    return () => {
      left = true;
    };
  }, [api, flows]);
  return details;
}

function passes(flow: FlowSummary, filter: Filter): boolean {
  if (filter === "all" || filter === "archived") return true;
  return filter === "waiting" ? flow.review !== null : stateOf(flow) === filter;
}

function matches(flow: FlowSummary, details: Details | undefined, search: string): boolean {
  const wanted = search.trim().toLowerCase();
  return [flow.id, flow.name ?? "", details?.flow?.owner ?? ""].some((text) =>
    text.toLowerCase().includes(wanted),
  );
}
