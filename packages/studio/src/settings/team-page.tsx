import { useState } from "preact/hooks";
import { read } from "../api/read.ts";
import { useLoad } from "../api/use-load.ts";
import { useStudio } from "../shell/studio-context.ts";
import { ConfirmDialog } from "../ui/confirm-dialog.tsx";
import { Empty } from "../ui/load-state.tsx";
import { Allowed } from "./allowed.tsx";
import { PersonDialog } from "./person-dialog.tsx";
import type { Person } from "./settings-api.ts";

type Question =
  | { readonly type: "add" }
  | { readonly type: "edit"; readonly person: Person }
  | { readonly type: "remove"; readonly person: Person };

/** Who may sign in to the studio, and as what. */
export function TeamPage() {
  const { api, words, announce } = useStudio();
  const people = useLoad(async () => (await read(api.v1.people.$get())).people, [api]);
  const [question, setQuestion] = useState<Question | undefined>();
  const done = (said: string) => {
    announce(said);
    setQuestion(undefined);
    people.reload();
  };
  const add = (
    <button type="button" class="button primary" onClick={() => setQuestion({ type: "add" })}>
      {words.team.add}
    </button>
  );
  return (
    <>
      <div class="page-head">
        <div class="titles">
          <h1>{words.settings.team}</h1>
          <p>{words.team.lead}</p>
        </div>
        {people.value !== undefined && people.value.length > 0 && add}
      </div>
      <Allowed of={people} otherwise={words.team.notAllowed}>
        {(all) =>
          all.length === 0 ? (
            <Empty title={words.team.emptyTitle} text={words.team.empty}>
              {add}
            </Empty>
          ) : (
            <People people={all} onAsk={setQuestion} />
          )
        }
      </Allowed>
      {question !== undefined && question.type !== "remove" && (
        <PersonDialog
          person={question.type === "edit" ? question.person : undefined}
          onClose={() => setQuestion(undefined)}
          onDone={(who) => done(question.type === "edit" ? words.team.edited(who) : words.team.added(who))}
        />
      )}
      {question?.type === "remove" && (
        <ConfirmDialog
          danger
          title={words.team.removeTitle(question.person.name || question.person.email)}
          text={words.team.removeText}
          submit={words.team.removeSubmit}
          onClose={() => setQuestion(undefined)}
          onConfirm={async () => {
            const { email, name } = question.person;
            await read(api.v1.people[":email"].$delete({ param: { email } }));
            done(words.team.removed(name || email));
          }}
        />
      )}
    </>
  );
}

function People(props: { readonly people: readonly Person[]; readonly onAsk: (question: Question) => void }) {
  const { words, format } = useStudio();
  const { columns } = words.team;
  return (
    <div class="panel">
      <table class="table cards records">
        <thead>
          <tr>
            <th scope="col">{columns.person}</th>
            <th scope="col">{columns.role}</th>
            <th scope="col">{columns.since}</th>
            <th scope="col">
              <span class="hidden-visually">{words.team.edit}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {props.people.map((person) => {
            const who = person.name || person.email;
            return (
              <tr key={person.email}>
                <th scope="row">
                  {who}
                  {person.name !== "" && <span class="muted second">{person.email}</span>}
                </th>
                <td data-label={columns.role}>
                  <span>
                    {words.team.roles[person.role]}
                    <span class="muted role-help">{words.team.rolesHelp[person.role]}</span>
                  </span>
                </td>
                <td data-label={columns.since} class="nowrap">
                  <time dateTime={person.createdAt}>{format.date(person.createdAt)}</time>
                </td>
                <td class="row-actions">
                  <button
                    type="button"
                    class="button quiet small"
                    aria-label={words.team.editLabel(who)}
                    onClick={() => props.onAsk({ type: "edit", person })}
                  >
                    {words.team.edit}
                  </button>
                  <button
                    type="button"
                    class="button quiet small"
                    aria-label={words.team.removeLabel(who)}
                    onClick={() => props.onAsk({ type: "remove", person })}
                  >
                    {words.team.remove}
                  </button>
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}
