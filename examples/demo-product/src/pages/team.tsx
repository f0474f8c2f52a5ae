import { useState } from "preact/hooks";
import { accountTraits, track } from "../guidance.ts";
import type { Member } from "../model/store.ts";
import { useBooks, useSaldo } from "../model/store-context.ts";
import { openContact } from "../parts/contact-panel.tsx";
import { useWords } from "../words/language.ts";

const ROLES = ["viewer", "bookkeeper", "owner"] as const;

export function Team() {
  const words = useWords();
  const store = useSaldo();
  const { members, account, person } = useBooks();
  const [inviting, setInviting] = useState(false);
  const [email, setEmail] = useState("");
  const [role, setRole] = useState<Member["role"]>("viewer");
  const [note, setNote] = useState("");
  const [problem, setProblem] = useState("");
  const owner = members.find((member) => member.role === "owner")?.name ?? "";

  const invite = (): void => {
    if (!/^\S+@\S+\.\S+$/.test(email)) {
      setProblem(words.team.needEmail);
      return;
    }
    store.change((books) => ({
      ...books,
      account: { ...books.account, members: books.account.members + 1 },
      members: [...books.members, { name: email.split("@")[0] ?? email, email, role, state: "invited" }],
    }));
    track("team.invited", { role });
    window.cairn?.group(account.id, accountTraits(store.books().account));
    setNote(words.team.invited(email));
    setEmail("");
    setProblem("");
    setInviting(false);
  };

  return (
    <div class="page narrow">
      <div class="page-head">
        <h1>{words.team.title}</h1>
        {person.role === "owner" ? (
          <button
            type="button"
            class="button primary"
            data-cairn="invite-button"
            aria-expanded={inviting}
            onClick={() => setInviting(!inviting)}
          >
            {words.team.invite}
          </button>
        ) : null}
      </div>
      <p class="lead">
        {words.team.lead(members.length, account.seats)}
        {person.role === "owner" ? "" : ` ${words.team.ask(owner)}`}
      </p>
      {inviting ? (
        <form
          class="sheet invite"
          noValidate
          onSubmit={(event) => {
            event.preventDefault();
            invite();
          }}
        >
          <h2>{words.team.inviteTitle}</h2>
          <div class="field-row">
            <label class="field">
              <span>{words.team.email}</span>
              <input
                type="email"
                value={email}
                autoComplete="off"
                onInput={(event) => setEmail(event.currentTarget.value)}
              />
            </label>
            <label class="field short">
              <span>{words.team.role}</span>
              <select value={role} onChange={(event) => setRole(event.currentTarget.value as Member["role"])}>
                {ROLES.map((one) => (
                  <option key={one} value={one}>
                    {words.team.roles[one]}
                  </option>
                ))}
              </select>
            </label>
          </div>
          <p class="problem" role="alert">
            {problem}
          </p>
          <div class="actions">
            <button type="button" class="button" onClick={() => setInviting(false)}>
              {words.common.cancel}
            </button>
            <button type="submit" class="button primary">
              {words.team.send}
            </button>
          </div>
        </form>
      ) : null}
      <p class="note good" role="status" hidden={note === ""}>
        {note}
      </p>
      <table class="list team-table">
        <thead>
          <tr>
            <th scope="col">{words.team.name}</th>
            <th scope="col">{words.team.role}</th>
            <th scope="col">{words.team.state}</th>
          </tr>
        </thead>
        <tbody>
          {members.map((member) => (
            <tr key={member.email}>
              <td>
                {member.name}
                <small>{member.email}</small>
              </td>
              <td>{words.team.roles[member.role]}</td>
              <td>
                <span class={`tag tag-${member.state === "active" ? "paid" : "draft"}`}>
                  {words.team.states[member.state]}
                </span>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      <div class="note link-note">
        <div>
          <p class="strong">{words.contact.title}</p>
          <p>{words.contact.role}</p>
        </div>
        <button type="button" class="button" onClick={openContact}>
          {words.contact.open}
        </button>
      </div>
    </div>
  );
}
