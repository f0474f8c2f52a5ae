import { type FlowId, parseId } from "@cairn/flow-schema";
import { useState } from "preact/hooks";
import type { ApiError } from "../api/read.ts";
import { asApiError } from "../api/use-load.ts";
import { useStudio } from "../shell/studio-context.ts";
import { Dialog } from "../ui/dialog.tsx";
import { Failure } from "../ui/load-state.tsx";
import { TextField } from "../ui/text-field.tsx";
import { saveDraft } from "./flow-api.ts";
import { flowFromTemplate, idFromName, TEMPLATES, type Template } from "./templates.ts";

/** Name, id and a template: writes a first draft and opens it. */
export function CreateDialog(props: {
  readonly taken: ReadonlySet<string>;
  readonly onClose: () => void;
  readonly onCreated: (id: FlowId) => void;
}) {
  const { api, words } = useStudio();
  const [template, setTemplate] = useState<Template>("tooltip");
  const [name, setName] = useState("");
  const [written, setWritten] = useState<string | undefined>();
  const [tried, setTried] = useState(false);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<ApiError | undefined>();
  const id = written ?? idFromName(name);
  const parsed = parseId<FlowId>(id);
  const wrong =
    parsed === undefined ? words.create.idWrong : props.taken.has(id) ? words.create.idTaken : undefined;
  const shownWrong = tried || (id !== "" && wrong === words.create.idTaken) ? wrong : undefined;

  async function submit() {
    setTried(true);
    if (parsed === undefined || wrong !== undefined || busy) return;
    setBusy(true);
    try {
      await saveDraft(api, parsed, flowFromTemplate(template, parsed, name.trim() || id), undefined);
      props.onCreated(parsed);
    } catch (thrown) {
      setError(asApiError(thrown));
      setBusy(false);
    }
  }
  return (
    <Dialog
      title={words.create.title}
      onCancel={props.onClose}
      onSubmit={submit}
      actions={
        <>
          <button type="button" class="button" onClick={props.onClose}>
            {words.common.cancel}
          </button>
          <button type="submit" class="button primary" disabled={busy}>
            {words.create.submit}
          </button>
        </>
      }
    >
      <TextField
        label={words.create.name}
        maxLength={200}
        placeholder={words.create.namePlaceholder}
        value={name}
        onText={setName}
      />
      <TextField
        label={words.create.id}
        code
        maxLength={64}
        value={id}
        onText={setWritten}
        hint={words.create.idHint}
        wrong={shownWrong}
      />
      <fieldset class="choices">
        <legend>{words.create.template}</legend>
        {TEMPLATES.map((value) => (
          <label key={value}>
            <input
              type="radio"
              name="template"
              value={value}
              checked={value === template}
              onChange={() => setTemplate(value)}
            />
            {words.create.templates[value]}
          </label>
        ))}
      </fieldset>
      {error !== undefined && <Failure error={error} />}
    </Dialog>
  );
}
