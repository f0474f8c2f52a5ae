import { useRef, useState } from "preact/hooks";
import { useStudio } from "../shell/studio-context.ts";
import { Dialog } from "../ui/dialog.tsx";

/** Shows a key or a secret for the only time. It closes by its button alone: Escape would lose the text for good. */
export function SecretDialog(props: {
  readonly title: string;
  readonly text: string;
  readonly secret: string;
  readonly onClose: () => void;
}) {
  const { words } = useStudio();
  const [copied, setCopied] = useState(false);
  const field = useRef<HTMLInputElement>(null);
  async function copy() {
    field.current?.select();
    try {
      await navigator.clipboard.writeText(props.secret);
      setCopied(true);
    } catch {
      // Where the page may not write to the clipboard, the text is selected for Ctrl+C.
    }
  }
  return (
    <Dialog
      title={props.title}
      onCancel={() => {}}
      onSubmit={props.onClose}
      actions={
        <button type="submit" class={copied ? "button primary" : "button"}>
          {words.keys.done}
        </button>
      }
    >
      <p class="dialog-text">{props.text}</p>
      <div class="with-button">
        <input
          ref={field}
          class="input mono"
          readOnly
          spellcheck={false}
          aria-label={props.title}
          value={props.secret}
          onFocus={(event) => event.currentTarget.select()}
        />
        <button type="button" class={copied ? "button" : "button primary"} onClick={copy}>
          {copied ? words.keys.copied : words.keys.copy}
        </button>
      </div>
    </Dialog>
  );
}
