import type { Flow } from "@cairn/flow-schema";
import { useMemo, useState } from "preact/hooks";
import { useStudio } from "../shell/studio-context.ts";
import { Dialog } from "../ui/dialog.tsx";
import { TextField } from "../ui/text-field.tsx";
import { type Change, changesBetween, inOneLine } from "./diff.ts";
import type { FlowVersion } from "./flow-api.ts";
import { NOW, type When, WhenField } from "./when-field.tsx";

/** More changes than this are counted, not listed. */
const LISTED = 12;

/** What will be live, compared with what is, and why. */
export function PublishDialog(props: {
  readonly live: FlowVersion | undefined;
  readonly flow: Flow;
  readonly busy: boolean;
  readonly onClose: () => void;
  readonly onPublish: (note: string, at: string | undefined) => void;
}) {
  const { words } = useStudio();
  const { live, flow } = props;
  const [note, setNote] = useState("");
  const changes = useMemo(() => (live === undefined ? [] : changesBetween(live.flow, flow)), [live, flow]);
  const [when, setWhen] = useState<When>(NOW);
  const nothing = live !== undefined && changes.length === 0;
  const ready = !nothing && when !== "wrong" && !props.busy;
  return (
    <Dialog
      title={words.publish.title}
      onCancel={props.onClose}
      onSubmit={() => ready && props.onPublish(note.trim(), when.at)}
      actions={
        <>
          <button type="button" class="button" onClick={props.onClose}>
            {words.common.cancel}
          </button>
          <button type="submit" class="button primary" disabled={!ready}>
            {when !== "wrong" && when.at === undefined ? words.publish.submit : words.plan.submit}
          </button>
        </>
      }
    >
      <p class="dialog-text">
        {live === undefined
          ? words.publish.first
          : nothing
            ? words.publish.unchanged(live.version)
            : words.publish.next(live.version)}
      </p>
      {changes.length > 0 && <ChangeList changes={changes} />}
      {!nothing && (
        <>
          <NoteField value={note} onChange={setNote} />
          <WhenField onChange={setWhen} />
        </>
      )}
    </Dialog>
  );
}

export function NoteField(props: { readonly value: string; readonly onChange: (note: string) => void }) {
  const { words } = useStudio();
  return (
    <TextField
      label={words.publish.note}
      rows={2}
      maxLength={2000}
      placeholder={words.publish.notePlaceholder}
      value={props.value}
      onText={props.onChange}
    />
  );
}

/** Where one may not publish alone: the same changes and note, as a question to whoever may. */
export function AskDialog(props: {
  readonly live: FlowVersion | undefined;
  readonly flow: Flow;
  readonly busy: boolean;
  readonly onClose: () => void;
  readonly onAsk: (note: string) => void;
}) {
  const { words } = useStudio();
  const { live, flow } = props;
  const [note, setNote] = useState("");
  const changes = useMemo(() => (live === undefined ? [] : changesBetween(live.flow, flow)), [live, flow]);
  return (
    <Dialog
      title={words.review.askTitle}
      onCancel={props.onClose}
      onSubmit={() => props.onAsk(note.trim())}
      actions={
        <>
          <button type="button" class="button" onClick={props.onClose}>
            {words.common.cancel}
          </button>
          <button type="submit" class="button primary" disabled={props.busy}>
            {words.review.askSubmit}
          </button>
        </>
      }
    >
      <p class="dialog-text">{words.review.askText}</p>
      {changes.length > 0 && <ChangeList changes={changes} />}
      <NoteField value={note} onChange={setNote} />
    </Dialog>
  );
}

export function ChangeList(props: { readonly changes: readonly Change[] }) {
  const { words } = useStudio();
  const { changes } = props;
  return (
    <section class="changes" aria-label={words.publish.changes}>
      <h3>{words.publish.changes}</h3>
      <ul>
        {changes.slice(0, LISTED).map(({ path, kind, before, after }) => (
          <li key={path.join("/")}>
            <span class="change-path">
              {path.join(" › ")} <span class="muted">{words.publish[kind]}</span>
            </span>
            {before !== undefined && <del>{inOneLine(before)}</del>}
            {after !== undefined && <ins>{inOneLine(after)}</ins>}
          </li>
        ))}
      </ul>
      {changes.length > LISTED && <p class="muted">{words.publish.more(changes.length - LISTED)}</p>}
    </section>
  );
}

export function RollbackDialog(props: {
  readonly version: number;
  readonly busy: boolean;
  readonly onClose: () => void;
  readonly onRollback: (version: number) => void;
}) {
  const { words } = useStudio();
  return (
    <Dialog
      title={words.rollback.title(props.version)}
      onCancel={props.onClose}
      onSubmit={() => props.onRollback(props.version)}
      actions={
        <>
          <button type="button" class="button" onClick={props.onClose}>
            {words.common.cancel}
          </button>
          <button type="submit" class="button primary" disabled={props.busy}>
            {words.rollback.submit}
          </button>
        </>
      }
    >
      <p class="dialog-text">{words.rollback.text(props.version)}</p>
    </Dialog>
  );
}

/** Somebody saved in between: nothing is lost before the author has chosen. */
export function ConflictDialog(props: {
  readonly busy: boolean;
  readonly onClose: () => void;
  readonly onReload: () => void;
  readonly onOverwrite: () => void;
}) {
  const { words } = useStudio();
  return (
    <Dialog
      title={words.flow.conflictTitle}
      onCancel={props.onClose}
      onSubmit={props.onClose}
      actions={
        <>
          <button type="submit" class="button">
            {words.common.cancel}
          </button>
          <button type="button" class="button danger" disabled={props.busy} onClick={props.onReload}>
            {words.flow.conflictReload}
          </button>
          <button type="button" class="button danger" disabled={props.busy} onClick={props.onOverwrite}>
            {words.flow.conflictOverwrite}
          </button>
        </>
      }
    >
      <p class="dialog-text">{words.flow.conflict}</p>
    </Dialog>
  );
}

export function LeaveDialog(props: { readonly onAnswer: (leave: boolean) => void }) {
  const { words } = useStudio();
  return (
    <Dialog
      title={words.flow.leaveTitle}
      onCancel={() => props.onAnswer(false)}
      onSubmit={() => props.onAnswer(false)}
      actions={
        <>
          <button type="submit" class="button">
            {words.flow.leaveStay}
          </button>
          <button type="button" class="button danger" onClick={() => props.onAnswer(true)}>
            {words.flow.leaveGo}
          </button>
        </>
      }
    >
      <p class="dialog-text">{words.flow.leave}</p>
    </Dialog>
  );
}
