import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import { asApiError } from "../api/use-load.ts";
import { useStudio } from "../shell/studio-context.ts";
import { Dialog } from "./dialog.tsx";
import { errorText } from "./load-state.tsx";

/** One question before something is done. It stays open, and says why, where that fails. */
export function ConfirmDialog(props: {
  readonly title: string;
  readonly text: string;
  readonly submit: string;
  /** Red, for what cannot be undone. */
  readonly danger?: boolean;
  readonly disabled?: boolean;
  readonly children?: ComponentChildren;
  readonly onClose: () => void;
  /** Does it and closes the dialog; what it throws is told in the dialog. */
  readonly onConfirm: () => Promise<void>;
}) {
  const { words } = useStudio();
  const [busy, setBusy] = useState(false);
  const [wrong, setWrong] = useState<string | undefined>();
  async function confirm() {
    if (busy || props.disabled) return;
    setBusy(true);
    setWrong(undefined);
    try {
      await props.onConfirm();
    } catch (thrown) {
      setWrong(errorText(asApiError(thrown), words));
      setBusy(false);
    }
  }
  return (
    <Dialog
      title={props.title}
      onCancel={props.onClose}
      onSubmit={confirm}
      actions={
        <>
          <button type="button" class="button" onClick={props.onClose}>
            {words.common.cancel}
          </button>
          <button
            type="submit"
            class={props.danger ? "button danger filled" : "button primary"}
            disabled={busy || props.disabled}
          >
            {props.submit}
          </button>
        </>
      }
    >
      <p class="dialog-text">{props.text}</p>
      {props.children}
      {wrong !== undefined && (
        <p class="notice wrong" role="alert">
          {wrong}
        </p>
      )}
    </Dialog>
  );
}
