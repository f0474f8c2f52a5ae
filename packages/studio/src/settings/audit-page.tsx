import { useEffect, useState } from "preact/hooks";
import { read } from "../api/read.ts";
import { asApiError, useLoad } from "../api/use-load.ts";
import { useStudio } from "../shell/studio-context.ts";
import { Empty, errorText, Loaded } from "../ui/load-state.tsx";
import { Segmented } from "../ui/segmented.tsx";
import { useQuery } from "../ui/use-query.ts";
import type { AuditEntry } from "./settings-api.ts";

const PAGE = 50;

/** Who changed what, newest first: all of it, or what concerns one thing. */
export function AuditPage() {
  const { api, words, session } = useStudio();
  const [query, setQuery] = useQuery();
  const of = query.of === "server" && session.type === "key" ? ("server" as const) : ("environment" as const);
  const subject = query.subject ?? "";
  const [typed, setTyped] = useState(subject);
  const [older, setOlder] = useState<readonly AuditEntry[]>([]);
  const [more, setMore] = useState(false);
  const [wrong, setWrong] = useState<string | undefined>();
  const load = async (before?: number) => {
    const asked = { of, limit: String(PAGE), ...(subject === "" ? {} : { subject }) };
    const page = before === undefined ? asked : { ...asked, before: String(before) };
    const { entries } = await read(api.v1.audit.$get({ query: page }));
    setMore(entries.length === PAGE);
    return entries;
  };
  const first = useLoad(() => load(), [api, of, subject]);
  useEffect(() => {
    setTyped(subject);
    setOlder([]);
  }, [api, of, subject]);
  const entries = [...(first.value ?? []), ...older];
  async function showOlder() {
    setWrong(undefined);
    try {
      setOlder([...older, ...(await load(entries.at(-1)?.id))]);
    } catch (thrown) {
      setWrong(errorText(asApiError(thrown), words));
    }
  }
  return (
    <>
      <div class="page-head">
        <div class="titles">
          <h1>{words.settings.audit}</h1>
          <p>{words.audit.lead}</p>
        </div>
        <div class="controls">
          {session.type === "key" && (
            <Segmented
              label={words.audit.of}
              value={of}
              options={[
                { value: "environment", label: words.audit.environment },
                { value: "server", label: words.audit.server },
              ]}
              onChange={(next) => setQuery({ of: next === "server" ? next : undefined, subject: undefined })}
            />
          )}
          <form
            onSubmit={(event) => {
              event.preventDefault();
              setQuery({ subject: typed.trim() });
            }}
          >
            <input
              class="input"
              type="search"
              aria-label={words.audit.subject}
              placeholder={words.audit.subjectPlaceholder}
              value={typed}
              onInput={(event) => {
                setTyped(event.currentTarget.value);
                // The cross in the field takes the filter away.
                if (event.currentTarget.value === "") setQuery({ subject: undefined });
              }}
            />
          </form>
        </div>
      </div>
      <Loaded of={first} rows={8}>
        {() =>
          entries.length === 0 ? (
            subject === "" ? (
              <Empty title={words.audit.emptyTitle} text={words.audit.empty} />
            ) : (
              <Empty title={words.audit.noMatchTitle} text={words.audit.noMatch} />
            )
          ) : (
            <>
              <Entries entries={entries} onOnly={(only) => setQuery({ subject: only })} />
              {wrong !== undefined && (
                <p class="notice wrong" role="alert">
                  {wrong}
                </p>
              )}
              {more && (
                <button type="button" class="button more" onClick={showOlder}>
                  {words.audit.more}
                </button>
              )}
            </>
          )
        }
      </Loaded>
    </>
  );
}

function Entries(props: {
  readonly entries: readonly AuditEntry[];
  readonly onOnly: (subject: string) => void;
}) {
  const { words, format } = useStudio();
  const { columns, actions } = words.audit;
  return (
    <div class="panel">
      <table class="table cards records audit">
        <thead>
          <tr>
            <th scope="col">{columns.when}</th>
            <th scope="col">{columns.who}</th>
            <th scope="col">{columns.what}</th>
            <th scope="col">{columns.change}</th>
            <th scope="col">{columns.note}</th>
          </tr>
        </thead>
        <tbody>
          {props.entries.map(({ id, at, actor, action, subject, before, after, note }) => (
            <tr key={id}>
              <td class="nowrap" data-label={columns.when}>
                <time dateTime={at}>{format.moment(at)}</time>
              </td>
              <td data-label={columns.who}>{actor}</td>
              <td data-label={columns.what}>
                <span>
                  {actions[action] ?? action}{" "}
                  <button type="button" class="link" onClick={() => props.onOnly(subject)}>
                    {subject}
                  </button>
                </span>
              </td>
              <td class={before === after ? "muted blank" : "muted nowrap"} data-label={columns.change}>
                {before === after ? words.common.none : `${before ?? "–"} → ${after ?? "–"}`}
              </td>
              <td data-label={columns.note} class={note === null ? "blank" : undefined}>
                {note ?? ""}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
