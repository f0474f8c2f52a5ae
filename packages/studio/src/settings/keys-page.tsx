import { useMemo, useState } from "preact/hooks";
import { read } from "../api/read.ts";
import { useLoad } from "../api/use-load.ts";
import { useStudio } from "../shell/studio-context.ts";
import { ConfirmDialog } from "../ui/confirm-dialog.tsx";
import { Empty } from "../ui/load-state.tsx";
import { Allowed } from "./allowed.tsx";
import { KeyDialog } from "./key-dialog.tsx";
import { SecretDialog } from "./secret-dialog.tsx";
import { isLive, type Key } from "./settings-api.ts";
import { SigningKeys } from "./signing-keys.tsx";

/** The environment's keys: make one, see what it opens and when it was used, revoke it. */
export function KeysPage() {
  const { api, words, announce } = useStudio();
  const keys = useLoad(async () => (await read(api.v1.keys.$get({ query: {} }))).keys, [api]);
  const [making, setMaking] = useState(false);
  const [made, setMade] = useState<string | undefined>();
  const [revoking, setRevoking] = useState<Key | undefined>();
  return (
    <>
      <div class="page-head">
        <div class="titles">
          <h1>{words.settings.keys}</h1>
          <p>{words.keys.lead}</p>
        </div>
        {keys.value !== undefined && (
          <button type="button" class="button primary" onClick={() => setMaking(true)}>
            {words.keys.create}
          </button>
        )}
      </div>
      <Allowed of={keys} otherwise={words.keys.notAllowed}>
        {(all) => (
          <>
            {all.length === 0 ? (
              <Empty title={words.keys.emptyTitle} text={words.keys.empty} />
            ) : (
              <KeyList keys={all} onRevoke={setRevoking} />
            )}
            <SigningKeys />
          </>
        )}
      </Allowed>
      {making && (
        <KeyDialog
          onClose={() => setMaking(false)}
          onMade={(key) => {
            setMaking(false);
            setMade(key);
            keys.reload();
          }}
        />
      )}
      {made !== undefined && (
        <SecretDialog
          title={words.keys.madeTitle}
          text={words.keys.made}
          secret={made}
          onClose={() => setMade(undefined)}
        />
      )}
      {revoking !== undefined && (
        <ConfirmDialog
          danger
          title={words.keys.revokeTitle(revoking.name || revoking.id)}
          text={words.keys.revokeText}
          submit={words.keys.revokeSubmit}
          onClose={() => setRevoking(undefined)}
          onConfirm={async () => {
            await read(api.v1.keys[":id"].$delete({ param: { id: revoking.id }, query: {} }));
            announce(words.keys.revokeDone);
            setRevoking(undefined);
            keys.reload();
          }}
        />
      )}
    </>
  );
}

function KeyList(props: { readonly keys: readonly Key[]; readonly onRevoke: (key: Key) => void }) {
  const { words } = useStudio();
  const [all, setAll] = useState(false);
  const now = useMemo(() => Date.now(), [props.keys]);
  const live = props.keys.filter((key) => isLive(key, now));
  const ended = props.keys.filter((key) => !isLive(key, now));
  const { columns } = words.keys;
  return (
    <>
      <div class="panel">
        <table class="table cards records">
          <thead>
            <tr>
              <th scope="col">{columns.name}</th>
              <th scope="col">{columns.kind}</th>
              <th scope="col">{columns.opens}</th>
              <th scope="col">{columns.used}</th>
              <th scope="col">{columns.expires}</th>
              <th scope="col">
                <span class="hidden-visually">{words.keys.revoke}</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {[...live, ...(all ? ended : [])].map((key) => (
              <KeyRow key={key.id} of={key} live={isLive(key, now)} onRevoke={props.onRevoke} />
            ))}
          </tbody>
        </table>
      </div>
      {ended.length > 0 && !all && (
        <button type="button" class="button quiet more" onClick={() => setAll(true)}>
          {words.keys.showEnded(ended.length)}
        </button>
      )}
    </>
  );
}

function KeyRow(props: { readonly of: Key; readonly live: boolean; readonly onRevoke: (key: Key) => void }) {
  const { words, format } = useStudio();
  const { of: key, live } = props;
  const { columns } = words.keys;
  const total = Object.keys(words.keys.scopes).length;
  return (
    <tr class={live ? undefined : "ended"}>
      <th scope="row">
        {key.name || words.keys.unnamed}
        <code class="muted">{key.id}</code>
      </th>
      <td data-label={columns.kind}>
        <span class={`chip ${key.kind === "secret" ? "disabled" : "draft"}`}>
          {words.keys.kinds[key.kind]}
        </span>
      </td>
      <td data-label={columns.opens}>
        {key.kind === "public" ? (
          key.origins.length === 0 ? (
            words.keys.anyPage
          ) : (
            <ul>
              {key.origins.map((origin) => (
                <li key={origin}>{origin.replace("https://", "")}</li>
              ))}
            </ul>
          )
        ) : key.scopes.length === total ? (
          words.keys.allScopes
        ) : (
          <span class="scopes">
            {key.scopes.map((scope) => (
              <code key={scope} title={words.keys.scopes[scope]}>
                {scope}
              </code>
            ))}
          </span>
        )}
      </td>
      <td data-label={columns.used} class="nowrap">
        {key.lastUsedAt === null ? (
          <span class="muted">{words.keys.unused}</span>
        ) : (
          <time dateTime={key.lastUsedAt}>{format.dateTime(key.lastUsedAt)}</time>
        )}
      </td>
      <td data-label={columns.expires} class="nowrap">
        {key.revokedAt !== null
          ? words.keys.revoked(format.date(key.revokedAt))
          : key.expiresAt === null
            ? words.keys.never
            : live
              ? format.date(key.expiresAt)
              : words.keys.expired(format.date(key.expiresAt))}
      </td>
      <td class="row-actions">
        {live && (
          <button
            type="button"
            class="button quiet small"
            aria-label={words.keys.revokeLabel(key.name || key.id)}
            onClick={() => props.onRevoke(key)}
          >
            {words.keys.revoke}
          </button>
        )}
      </td>
    </tr>
  );
}
