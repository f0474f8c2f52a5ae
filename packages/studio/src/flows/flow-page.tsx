import flowSchema from "@cairn/flow-schema/flow.schema.json";
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import type { JSONSchema } from "vscode-json-languageservice";
import { read } from "../api/read.ts";
import { asApiError, useLoad } from "../api/use-load.ts";
import { diagnosticsOf } from "../editor/finding.ts";
import { type EditorHandle, JsonEditor } from "../editor/json-editor.tsx";
import { createJsonService } from "../editor/json-service.ts";
import { NO_NAMES } from "../editor/names.ts";
import { prettyJson } from "../editor/pretty-json.ts";
import { stepAt } from "../editor/step-at.ts";
import { useStudio } from "../shell/studio-context.ts";
import { ConfirmDialog } from "../ui/confirm-dialog.tsx";
import { errorText, Loaded } from "../ui/load-state.tsx";
import {
  archive,
  type Draft,
  type FlowVersion,
  listPlans,
  listVersions,
  loadDraft,
  loadSurroundings,
  type Surroundings,
} from "./flow-api.ts";
import { LeaveDialog } from "./flow-dialogs.tsx";
import { FlowHead } from "./flow-head.tsx";
import { FlowQuestion } from "./flow-question.tsx";
import { FlowSide } from "./flow-side.tsx";
import { Plans } from "./plans.tsx";
import { ProblemList } from "./problem-list.tsx";
import { ReviewPanel } from "./review-panel.tsx";
import { hasToAsk } from "./review-state.ts";
import { useFlowWork } from "./use-flow-work.ts";
import { seenText, vocabularyOf } from "./vocabulary.ts";

/** One flow: write it, see what is wrong with it, publish it, go back. */
export function FlowPage(props: { readonly id: string }) {
  const { api } = useStudio();
  const { id } = props;
  const loaded = useLoad(async () => {
    const [draft, versions] = await Promise.all([loadDraft(api, id), listVersions(api, id)]);
    return { draft, versions };
  }, [api, id]);
  const surroundings = useLoad(() => loadSurroundings(api), [api]);
  return (
    <Loaded of={loaded} rows={12}>
      {({ draft, versions }) =>
        draft.flow.id === id && (
          <Workbench
            key={id}
            draft={draft}
            versions={versions}
            surroundings={surroundings.value}
            onArchived={surroundings.reload}
          />
        )
      }
    </Loaded>
  );
}

function Workbench(props: {
  readonly draft: Draft;
  readonly versions: readonly FlowVersion[];
  readonly surroundings: Surroundings | undefined;
  readonly onArchived: () => void;
}) {
  const studio = useStudio();
  const { api, words, format, preferences, guardLeaving, announce, go } = studio;
  const { surroundings } = props;
  const service = useMemo(() => createJsonService(flowSchema as unknown as JSONSchema), []);
  const work = useFlowWork(props, surroundings, service);
  const [viewing, setViewing] = useState<FlowVersion | undefined>();
  const [leaving, setLeaving] = useState<((yes: boolean) => void) | undefined>();
  const [step, setStep] = useState<string | undefined>();
  const editor = useRef<EditorHandle | undefined>(undefined);
  const vocabulary = useMemo(
    () =>
      surroundings === undefined
        ? NO_NAMES
        : vocabularyOf(surroundings, seenText(format, words.common.seen), preferences.language),
    [surroundings, format, words, preferences.language],
  );
  const flow = work.lastGood;
  const review = useLoad(
    () => read(api.v1.flows[":id"].review.$get({ param: { id: work.id } })),
    [api, work.id, work.done],
  );
  const plans = useLoad(
    async () => (await listPlans(api)).filter(({ flows }) => flows.includes(work.id)),
    [api, work.id, work.done],
  );
  const [archiving, setArchiving] = useState(false);
  // Archived flows are in no list, and nothing else says that they are.
  const archived = surroundings !== undefined && !surroundings.flows.some(({ id }) => id === work.id);
  const asks = hasToAsk(review.value, work.dirty, studio);
  const asked = asks && !work.dirty && review.value !== undefined && review.value.asked !== null;
  const name = flow.name ?? flow.id;

  useEffect(() => {
    document.title = `${name} · ${words.productName}`;
  }, [name, words]);
  useEffect(() => {
    if (!work.dirty) return;
    guardLeaving(() => new Promise((resolve) => setLeaving(() => resolve)));
    return () => guardLeaving(undefined);
  }, [work.dirty, guardLeaving]);
  const onKey = (event: KeyboardEvent) => {
    // By its place too: on a Russian keyboard the same key says "ы".
    if ((event.code !== "KeyS" && event.key !== "s") || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    if (work.dirty && viewing === undefined) work.save();
  };

  const diagnostics = useMemo(
    () => (work.checkedText === work.text ? diagnosticsOf(work.text, work.findings) : []),
    [work.checkedText, work.text, work.findings.length, preferences.language],
  );
  const viewed = viewing === undefined ? undefined : prettyJson(viewing.flow);
  const editorOf = (shown: string) => ({
    service,
    vocabulary,
    label: words.flow.editor,
    describedBy: "editor-help",
    onCursor: (offset: number) => setStep(stepAt(service, shown, offset)),
  });
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: Ctrl+S is a shortcut for the button below.
    <div class="flow-page" onKeyDown={onKey}>
      <FlowHead work={work} viewing={viewing !== undefined} archived={archived} asks={asks} asked={asked} />
      {work.error !== undefined && (
        <div class="notice wrong" role="alert">
          {work.error.code === "invalid-definition" ? words.flow.refused : errorText(work.error, words)}
        </div>
      )}
      {archived ? (
        <div class="notice care archived">
          <span class="grow">{words.archive.is}</span>
          <button
            type="button"
            class="button small"
            onClick={async () => {
              await archive(api, work.id, work.etag, false).then(
                () => announce(words.archive.restored),
                (thrown) => announce(errorText(asApiError(thrown), words)),
              );
              props.onArchived();
            }}
          >
            {words.archive.restore}
          </button>
        </div>
      ) : (
        <>
          {review.value !== undefined && (
            <ReviewPanel
              review={review.value}
              id={work.id}
              live={work.live}
              saved={work.saved}
              dirty={work.dirty}
              onChanged={review.reload}
            />
          )}
          <Plans plans={plans} nameOf={() => name} />
        </>
      )}
      <div class="workbench">
        <section class="panel editor-panel" aria-label={words.flow.editor}>
          {viewing !== undefined && viewed !== undefined && (
            <>
              <div class="notice care viewing">
                <span class="grow">{words.flow.viewing(viewing.version)}</span>
                <button
                  type="button"
                  class="button small"
                  onClick={() => {
                    work.replaceText(viewed);
                    setViewing(undefined);
                  }}
                >
                  {words.flow.copyToDraft}
                </button>
                <button type="button" class="button small" onClick={() => setViewing(undefined)}>
                  {words.flow.backToDraft}
                </button>
              </div>
              <JsonEditor
                {...editorOf(viewed)}
                key={viewing.version}
                value={viewed}
                revision=""
                onChange={() => {}}
                diagnostics={[]}
                readOnly
              />
            </>
          )}
          {/* The draft stays where it is meanwhile: its undo knows nothing of what was only looked at. */}
          <div class="editor-draft" hidden={viewing !== undefined}>
            <JsonEditor
              {...editorOf(work.text)}
              value={work.text}
              revision={String(work.revision)}
              onChange={work.setText}
              diagnostics={diagnostics}
              readOnly={false}
              onReady={(handle) => {
                editor.current = handle;
              }}
            />
          </div>
          <ProblemList
            findings={viewing === undefined ? work.findings : []}
            onGo={(finding) => editor.current?.goTo(finding.from)}
            onFormat={viewing === undefined ? work.format : undefined}
          />
        </section>
        <FlowSide
          flow={viewing?.flow ?? flow}
          step={step}
          stale={viewing === undefined && !work.sound && work.findings.length > 0}
          surroundings={surroundings}
          versions={work.versions}
          viewing={viewing?.version}
          onView={setViewing}
          onRollback={(version) => work.setQuestion({ type: "rollback", version })}
          onArchive={archived || work.dirty ? undefined : () => setArchiving(true)}
        />
      </div>
      <FlowQuestion work={work} />
      {archiving && (
        <ConfirmDialog
          danger
          title={words.archive.title}
          text={words.archive.text}
          submit={words.archive.submit}
          onClose={() => setArchiving(false)}
          onConfirm={async () => {
            await archive(api, work.id, work.etag, true);
            announce(words.archive.done);
            go("/studio/");
          }}
        />
      )}
      {leaving !== undefined && (
        <LeaveDialog
          onAnswer={(yes) => {
            setLeaving(undefined);
            leaving(yes);
          }}
        />
      )}
    </div>
  );
}
