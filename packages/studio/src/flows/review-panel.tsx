import type { Flow } from "@cairn/flow-schema";
import { useMemo, useState } from "preact/hooks";
import { read } from "../api/read.ts";
import { useStudio } from "../shell/studio-context.ts";
import type { Review } from "../text/server-words.ts";
import { ConfirmDialog } from "../ui/confirm-dialog.tsx";
import { TextField } from "../ui/text-field.tsx";
import { changesBetween } from "./diff.ts";
import type { FlowVersion } from "./flow-api.ts";
import { ChangeList } from "./flow-dialogs.tsx";
import { sceneOf } from "./review-state.ts";

type Said = NonNullable<Review["asked"]>;

/** Between an author and whoever publishes: who asked and what for, what changes, yes or no. */
export function ReviewPanel(props: {
  readonly review: Review;
  readonly id: string;
  readonly live: FlowVersion | undefined;
  /** The draft as it is saved. */
  readonly saved: Flow;
  readonly dirty: boolean;
  readonly onChanged: () => void;
}) {
  const studio = useStudio();
  const { api, words, format, announce } = studio;
  const { review, id, live, saved } = props;
  const [sending, setSending] = useState(false);
  const [approving, setApproving] = useState(false);
  const changes = useMemo(() => (live === undefined ? [] : changesBetween(live.flow, saved)), [live, saved]);
  const scene = sceneOf(review, studio);
  if (scene.type === "nothing") return null;
  const { asked, sentBack, approvedBy, needed } = review;
  async function approve() {
    setApproving(true);
    try {
      await read(api.v1.flows[":id"].approve.$post({ param: { id } }));
      announce(words.review.approved);
    } catch {
      announce(words.stop.failed);
    }
    setApproving(false);
    props.onChanged();
  }
  const why = needed !== null && scene.type !== "sent-back" && (
    <p class="muted small-text">
      {words.review.alone}: {words.review.needed[needed]}.
    </p>
  );
  const heading = {
    decide: words.review.asks(asked?.by ?? ""),
    waits: words.review.waits,
    approved: words.review.approvedBy(approvedBy.join(", ")),
    "sent-back": words.review.sentBackBy(sentBack?.by ?? ""),
    alone: words.review.alone,
  }[scene.type];
  const told: Said | null = scene.type === "sent-back" ? sentBack : asked;
  return (
    <section
      class={scene.type === "decide" || scene.type === "sent-back" ? "panel review care" : "panel review"}
      aria-labelledby="review"
    >
      <div class="review-head">
        <div class="titles">
          <h2 id="review">{heading}</h2>
          {scene.type === "alone" && needed !== null ? (
            <p class="muted small-text">{words.review.needed[needed]}</p>
          ) : (
            <>
              {told !== null && (
                <p class="muted small-text">
                  {scene.type === "waits" ? (
                    words.review.waitsText(format.dateTime(told.at))
                  ) : (
                    <time dateTime={told.at}>{format.dateTime(told.at)}</time>
                  )}
                </p>
              )}
              {why}
            </>
          )}
        </div>
        {scene.type === "decide" && (
          <div class="actions">
            <button type="button" class="button" onClick={() => setSending(true)}>
              {words.review.sendBack}
            </button>
            {!scene.approved && (
              <button type="button" class="button primary" disabled={approving} onClick={approve}>
                {words.review.approve}
              </button>
            )}
          </div>
        )}
      </div>
      {(told?.note || scene.type === "decide") && (
        <div class="review-body">
          {told?.note && <blockquote>{told.note}</blockquote>}
          {scene.type === "decide" && props.dirty && <p class="small-text">{words.review.unsaved}</p>}
          {scene.type === "decide" && changes.length > 0 && <ChangeList changes={changes} />}
          {scene.type === "decide" && live === undefined && <p>{words.publish.first}</p>}
        </div>
      )}
      {sending && (
        <SendBack
          onClose={() => setSending(false)}
          onSend={async (note) => {
            const json = note === "" ? {} : { note };
            await read(api.v1.flows[":id"]["send-back"].$post({ param: { id }, json }));
            announce(words.review.sentBack);
            setSending(false);
            props.onChanged();
          }}
        />
      )}
    </section>
  );
}

function SendBack(props: { readonly onClose: () => void; readonly onSend: (note: string) => Promise<void> }) {
  const { words } = useStudio();
  const [note, setNote] = useState("");
  return (
    <ConfirmDialog
      title={words.review.sendBackTitle}
      text={words.review.sendBackText}
      submit={words.review.sendBackSubmit}
      onClose={props.onClose}
      onConfirm={() => props.onSend(note.trim())}
    >
      <TextField
        label={words.review.reason}
        rows={3}
        maxLength={2000}
        placeholder={words.review.reasonPlaceholder}
        value={note}
        onText={setNote}
      />
    </ConfirmDialog>
  );
}
