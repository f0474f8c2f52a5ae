import { useState } from "preact/hooks";
import { useStudio } from "../shell/studio-context.ts";
import type { Scope } from "../text/server-words.ts";
import { ConfirmDialog } from "../ui/confirm-dialog.tsx";
import { Segmented } from "../ui/segmented.tsx";
import { TextField } from "../ui/text-field.tsx";
import { type Key, makeKey, originsOf } from "./settings-api.ts";

const DAY_MS = 86_400_000;
const ENDS = ["never", "30", "90", "365"] as const;
/** What a pipeline that ships flows needs, and no more. */
const USUAL: readonly Scope[] = ["definitions:read", "definitions:write", "publish", "reports:read"];

/** What a new key is for, what it may do, and until when. */
export function KeyDialog(props: { readonly onClose: () => void; readonly onMade: (key: string) => void }) {
  const { api, words } = useStudio();
  const [kind, setKind] = useState<Key["kind"]>("secret");
  const [name, setName] = useState("");
  const [scopes, setScopes] = useState<readonly Scope[]>(USUAL);
  const [origins, setOrigins] = useState("");
  const [ends, setEnds] = useState<(typeof ENDS)[number]>("365");
  const pages = originsOf(origins);
  const wrongPage = kind === "public" && pages.wrong !== undefined;
  const noScope = kind === "secret" && scopes.length === 0;
  return (
    <ConfirmDialog
      title={words.keys.create.replace("…", "")}
      text={words.keys.kindHelp[kind]}
      submit={words.keys.submit}
      disabled={wrongPage || noScope}
      onClose={props.onClose}
      onConfirm={async () => {
        const expiresAt = ends === "never" ? undefined : Date.now() + Number(ends) * DAY_MS;
        props.onMade(
          await makeKey(api, { kind, name: name.trim(), scopes, origins: pages.origins, expiresAt }),
        );
      }}
    >
      <div>
        <Segmented
          label={words.keys.kind}
          value={kind}
          options={[
            { value: "secret", label: words.keys.kinds.secret },
            { value: "public", label: words.keys.kinds.public },
          ]}
          onChange={(next) => {
            setKind(next);
            // Pages are not easily given another key.
            setEnds(next === "public" ? "never" : "365");
          }}
        />
      </div>
      <TextField
        label={words.keys.name}
        maxLength={200}
        placeholder={words.keys.namePlaceholder}
        value={name}
        onText={setName}
      />
      {kind === "secret" ? (
        <fieldset class="choices" aria-describedby="scopes-wrong">
          <legend>{words.keys.scopesLabel}</legend>
          {(Object.keys(words.keys.scopes) as Scope[]).map((scope) => (
            <label key={scope} class="scope">
              <input
                type="checkbox"
                checked={scopes.includes(scope)}
                onChange={(event) =>
                  setScopes(
                    event.currentTarget.checked ? [...scopes, scope] : scopes.filter((one) => one !== scope),
                  )
                }
              />
              <span>
                {words.keys.scopes[scope]} <code class="muted">{scope}</code>
              </span>
            </label>
          ))}
          <span id="scopes-wrong" class="wrong" role="status">
            {noScope ? words.keys.scopesNone : ""}
          </span>
        </fieldset>
      ) : (
        <TextField
          label={words.keys.origins}
          rows={2}
          code
          value={origins}
          onText={setOrigins}
          hint={words.keys.originsHint}
          wrong={pages.wrong === undefined ? undefined : words.keys.originsWrong(pages.wrong)}
        />
      )}
      <div class="field">
        <label for="key-ends">{words.keys.expires}</label>
        <select
          id="key-ends"
          class="input"
          value={ends}
          onChange={(event) =>
            setEnds(ENDS.find((choice) => choice === event.currentTarget.value) ?? "never")
          }
        >
          {ENDS.map((choice) => (
            <option key={choice} value={choice}>
              {choice === "never" ? words.keys.never : words.keys.inDays(Number(choice))}
            </option>
          ))}
        </select>
      </div>
    </ConfirmDialog>
  );
}
