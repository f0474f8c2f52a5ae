import { useState } from "preact/hooks";
import { read } from "../api/read.ts";
import { useStudio } from "../shell/studio-context.ts";
import type { Role } from "../text/server-words.ts";
import { ConfirmDialog } from "../ui/confirm-dialog.tsx";
import { type Person, suggestPassword } from "./settings-api.ts";

/** The least that the server takes. */
const MIN_PASSWORD = 10;

/** Lets somebody in, or changes their name, role or password. */
export function PersonDialog(props: {
  readonly person: Person | undefined;
  readonly onClose: () => void;
  readonly onDone: (who: string) => void;
}) {
  const { api, words } = useStudio();
  const { person } = props;
  const [email, setEmail] = useState(person?.email ?? "");
  const [name, setName] = useState(person?.name ?? "");
  const [role, setRole] = useState<Role>(person?.role ?? "author");
  const [password, setPassword] = useState("");
  const { team } = words;
  const enough = password.length >= MIN_PASSWORD || (person !== undefined && password === "");
  const ready = enough && /^\S+@\S+\.\S+$/.test(email.trim());
  return (
    <ConfirmDialog
      title={person === undefined ? team.addTitle : team.editTitle(person.name || person.email)}
      text={person === undefined ? team.addText : team.editText}
      submit={person === undefined ? team.addSubmit : team.editSubmit}
      disabled={!ready}
      onClose={props.onClose}
      onConfirm={async () => {
        const json = { role, name: name.trim(), ...(password === "" ? {} : { password }) };
        const { email: known } = await read(
          api.v1.people[":email"].$put({ param: { email: email.trim() }, json }),
        );
        props.onDone(name.trim() || known);
      }}
    >
      {person === undefined && (
        <div class="field">
          <label for="person-email">{team.email}</label>
          <input
            id="person-email"
            class="input"
            type="email"
            autocomplete="off"
            maxLength={254}
            value={email}
            onInput={(event) => setEmail(event.currentTarget.value)}
          />
        </div>
      )}
      <div class="field">
        <label for="person-name">{team.name}</label>
        <input
          id="person-name"
          class="input"
          autocomplete="off"
          maxLength={200}
          value={name}
          onInput={(event) => setName(event.currentTarget.value)}
        />
      </div>
      <fieldset class="choices">
        <legend>{team.role}</legend>
        {(Object.keys(team.roles) as Role[]).map((one) => (
          <label key={one}>
            <input type="radio" name="role" checked={role === one} onChange={() => setRole(one)} />
            <span>
              {team.roles[one]} <span class="muted">{team.rolesHelp[one]}</span>
            </span>
          </label>
        ))}
      </fieldset>
      <div class="field">
        <label for="person-password">{person === undefined ? team.password : team.newPassword}</label>
        <div class="with-button">
          <input
            id="person-password"
            class="input mono"
            // Read aloud or copied to somebody else: it has to be seen.
            type="text"
            autocomplete="off"
            spellcheck={false}
            maxLength={200}
            value={password}
            aria-describedby="password-hint"
            onInput={(event) => setPassword(event.currentTarget.value)}
          />
          <button
            type="button"
            class="button"
            onClick={() => setPassword(suggestPassword((bytes) => crypto.getRandomValues(bytes)))}
          >
            {team.suggest}
          </button>
        </div>
        <span id="password-hint" class="hint">
          {person === undefined ? team.passwordHint : team.newPasswordHint}
        </span>
      </div>
    </ConfirmDialog>
  );
}
