import { useState } from "preact/hooks";
import { read } from "../api/read.ts";
import { useLoad } from "../api/use-load.ts";
import { useStudio } from "../shell/studio-context.ts";
import { ConfirmDialog } from "../ui/confirm-dialog.tsx";
import { Loaded } from "../ui/load-state.tsx";
import { SecretDialog } from "./secret-dialog.tsx";

/** An environment has at most so many. */
const MOST = 2;

/** What user tokens are verified with: make a secret, or refuse the tokens of one. */
export function SigningKeys() {
  const { api, words, format, announce } = useStudio();
  const keys = useLoad(async () => (await read(api.v1["signing-keys"].$get({ query: {} }))).keys, [api]);
  const [making, setMaking] = useState(false);
  const [secret, setSecret] = useState<string | undefined>();
  const [removing, setRemoving] = useState<string | undefined>();
  const full = (keys.value?.length ?? MOST) >= MOST;
  return (
    <section class="panel signing" aria-labelledby="signing">
      <div class="panel-head">
        <h2 id="signing">{words.keys.signing}</h2>
        {!full && (
          <button type="button" class="button small" onClick={() => setMaking(true)}>
            {words.keys.signingAdd}
          </button>
        )}
      </div>
      <p class="panel-body muted small-text">{words.keys.signingHelp}</p>
      <Loaded of={keys} rows={1}>
        {(all) =>
          all.length === 0 ? (
            <p class="panel-body">{words.keys.signingNone}</p>
          ) : (
            <ul class="lines">
              {all.map(({ kid, alg, createdAt }) => (
                <li key={kid}>
                  <code>{kid}</code>
                  <span>{alg}</span>
                  <span class="muted grow">{words.keys.signingSince(format.date(createdAt))}</span>
                  <button
                    type="button"
                    class="button quiet small"
                    aria-label={words.keys.signingRemoveLabel(kid)}
                    onClick={() => setRemoving(kid)}
                  >
                    {words.keys.signingRemove}
                  </button>
                </li>
              ))}
            </ul>
          )
        }
      </Loaded>
      {making && (
        <ConfirmDialog
          title={words.keys.signingAddTitle}
          text={words.keys.signingAddText}
          submit={words.keys.signingSubmit}
          onClose={() => setMaking(false)}
          onConfirm={async () => {
            const made = await read(api.v1["signing-keys"].$post({ json: { alg: "HS256" } }));
            setMaking(false);
            setSecret(made.secret);
            keys.reload();
          }}
        />
      )}
      {secret !== undefined && (
        <SecretDialog
          title={words.keys.signingMadeTitle}
          text={words.keys.made}
          secret={secret}
          onClose={() => setSecret(undefined)}
        />
      )}
      {removing !== undefined && (
        <ConfirmDialog
          danger
          title={words.keys.signingRemoveTitle(removing)}
          text={words.keys.signingRemoveText}
          submit={words.keys.signingRemoveSubmit}
          onClose={() => setRemoving(undefined)}
          onConfirm={async () => {
            await read(api.v1["signing-keys"][":id"].$delete({ param: { id: removing }, query: {} }));
            announce(words.keys.signingRemoved);
            setRemoving(undefined);
            keys.reload();
          }}
        />
      )}
    </section>
  );
}
