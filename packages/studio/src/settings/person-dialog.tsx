import { useState } from "preact/hooks";
import { read } from "../api/read.ts";
import { useStudio } from "../shell/studio-context.ts";
import type { Role } from "../text/server-words.ts";
import { ConfirmDialog } from "../ui/confirm-dialog.tsx";
import { TextField } from "../ui/text-field.tsx";
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
  const isNew = person === undefined;
  const enough = password.length >= MIN_PASSWORD || (!isNew && password === "");
  const ready = enough && /^\S+@\S+\.\S+$/.test(email.trim());
  return (
    <ConfirmDialog
      title={isNew ? team.addTitle : team.editTitle(person.name || person.email)}
      text={isNew ? team.addText : team.editText}
      submit={isNew ? team.addSubmit : team.editSubmit}
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
      {isNew && <TextField label={team.email} type="email" maxLength={254} value={email} onText={setEmail} />}
      <TextField label={team.name} maxLength={200} value={name} onText={setName} />
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
      {/* Read aloud or copied to somebody else: it has to be seen. */}
      <TextField
        label={isNew ? team.password : team.newPassword}
        hint={isNew ? team.passwordHint : team.newPasswordHint}
        code
        maxLength={200}
        value={password}
        onText={setPassword}
        button={
          <button
            type="button"
            class="button"
            onClick={() => setPassword(suggestPassword((bytes) => crypto.getRandomValues(bytes)))}
          >
            {team.suggest}
          </button>
        }
      />
    </ConfirmDialog>
  );
}
