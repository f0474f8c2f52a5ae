import { useState } from "preact/hooks";
import { useStudio } from "../shell/studio-context.ts";
import { ConfirmDialog } from "../ui/confirm-dialog.tsx";
import { type FlowSummary, publishMany } from "./flow-api.ts";
import { NoteField } from "./flow-dialogs.tsx";
import { NOW, type When, WhenField } from "./when-field.tsx";

/** Several drafts that go live in the same moment, or not at all. */
export function PublishManyDialog(props: {
  /** Those whose draft is not what is live. */
  readonly flows: readonly FlowSummary[];
  readonly onClose: () => void;
  readonly onDone: () => void;
}) {
  const { api, words, format, announce } = useStudio();
  const { flows } = props;
  const [chosen, setChosen] = useState<readonly string[]>(() =>
    // What was never live may be a sketch: whoever means it says so.
    flows.filter(({ version }) => version !== null).map(({ id }) => id),
  );
  const [note, setNote] = useState("");
  const [when, setWhen] = useState<When>(NOW);
  const later = when === "wrong" || when.at !== undefined;
  return (
    <ConfirmDialog
      title={words.many.title}
      text={words.many.text}
      submit={later ? words.many.plan(chosen.length) : words.many.submit(chosen.length)}
      disabled={chosen.length === 0 || when === "wrong"}
      onClose={props.onClose}
      onConfirm={async () => {
        const planned = await publishMany(api, chosen, note.trim(), when === "wrong" ? undefined : when.at);
        announce(
          planned === undefined
            ? words.many.done(chosen.length)
            : words.plan.planned(format.dateTime(planned)),
        );
        props.onDone();
      }}
    >
      <fieldset class="choices">
        <legend>{words.many.flows}</legend>
        {flows.map(({ id, name, version }) => (
          <label key={id}>
            <input
              type="checkbox"
              checked={chosen.includes(id)}
              onChange={(event) =>
                setChosen(event.currentTarget.checked ? [...chosen, id] : chosen.filter((one) => one !== id))
              }
            />
            <span>
              {name ?? id}{" "}
              <span class="muted">
                {version === null ? words.many.neverPublished : words.many.changed(version)}
              </span>
            </span>
          </label>
        ))}
      </fieldset>
      <NoteField value={note} onChange={setNote} />
      <WhenField onChange={setWhen} />
    </ConfirmDialog>
  );
}
