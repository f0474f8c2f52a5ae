import type { Settings } from "@cairn/flow-schema";
import { useState } from "preact/hooks";
import type { Api } from "../api/client.ts";
import { read, readTagged } from "../api/read.ts";
import { useLoad } from "../api/use-load.ts";
import { Dialog } from "../ui/dialog.tsx";
import { useStudio } from "./studio-context.ts";

/** Whether hints may open at all in this environment. */
export interface Guidance {
  /** `undefined` while it is not known. */
  readonly enabled: boolean | undefined;
  set(enabled: boolean): Promise<void>;
}

export function useGuidance(api: Api): Guidance {
  const settings = useLoad(() => read(api.v1.settings.$get()), [api]);
  return {
    enabled: settings.value === undefined ? undefined : (settings.value.enabled ?? true),
    async set(enabled) {
      // The settings are read anew, so that a colleague's change of a minute ago is not undone.
      const { body, etag } = await readTagged(api.v1.settings.$get());
      const next = { ...(body as Settings), enabled };
      const header = etag === undefined ? {} : { "if-match": etag };
      await read(api.v1.settings.$put({ header, json: next }));
      settings.reload();
    },
  };
}

/**
 * The one red switch: stops every hint for everyone, after one question. It can be pressed before it is known how things
 * stand, too: whoever needs it shall not have to wait for an answer that did not come.
 */
export function StopSwitch(props: { readonly guidance: Guidance }) {
  const { words } = useStudio();
  const [asking, setAsking] = useState(false);
  if (props.guidance.enabled === false) return null;
  return (
    <>
      <button
        type="button"
        class="button danger small stop"
        aria-label={words.stop.button}
        onClick={() => setAsking(true)}
      >
        <svg width="10" height="10" viewBox="0 0 10 10" fill="currentColor" aria-hidden="true">
          <rect width="10" height="10" rx="1" />
        </svg>
        <span class="long">{words.stop.button}</span>
        <span class="short">{words.stop.short}</span>
      </button>
      {asking && <Question guidance={props.guidance} enable={false} onClose={() => setAsking(false)} />}
    </>
  );
}

/** Stands under the header while guidance is stopped. */
export function StopBanner(props: { readonly guidance: Guidance }) {
  const { words } = useStudio();
  const [asking, setAsking] = useState(false);
  if (props.guidance.enabled !== false) return <div />;
  return (
    <div class="stopped" role="alert">
      <span>{words.stop.banner}</span>
      <button type="button" class="button small" onClick={() => setAsking(true)}>
        {words.stop.resume}
      </button>
      {asking && <Question guidance={props.guidance} enable onClose={() => setAsking(false)} />}
    </div>
  );
}

function Question(props: {
  readonly guidance: Guidance;
  readonly enable: boolean;
  readonly onClose: () => void;
}) {
  const { words } = useStudio();
  const [busy, setBusy] = useState(false);
  const [failed, setFailed] = useState(false);
  const { enable, onClose } = props;
  async function submit() {
    setBusy(true);
    setFailed(false);
    try {
      await props.guidance.set(enable);
      onClose();
    } catch {
      setFailed(true);
      setBusy(false);
    }
  }
  return (
    <Dialog
      title={enable ? words.stop.resumeTitle : words.stop.title}
      onCancel={onClose}
      onSubmit={submit}
      actions={
        <>
          <button type="button" class="button" onClick={onClose}>
            {words.common.cancel}
          </button>
          <button type="submit" class={enable ? "button primary" : "button danger filled"} disabled={busy}>
            {enable ? words.stop.resume : words.stop.confirm}
          </button>
        </>
      }
    >
      <p class="dialog-text">{enable ? words.stop.resumeText : words.stop.text}</p>
      {failed && (
        <p class="notice wrong" role="alert">
          {words.stop.failed}
        </p>
      )}
    </Dialog>
  );
}
