import type { Flow } from "@cairn/flow-schema";
import { useState } from "preact/hooks";
import { deferred } from "../shell/deferred.tsx";
import type { Language } from "../shell/preferences.ts";
import { useStudio } from "../shell/studio-context.ts";
import { Segmented } from "../ui/segmented.tsx";
import type { FlowVersion, Surroundings } from "./flow-api.ts";
import { readBack } from "./read-back.ts";

const Preview = deferred(() => import("../preview/preview.tsx").then((module) => module.Preview), 0);

/** Beside the editor: the flow as a sentence, as a picture, and its history. */
export function FlowSide(props: {
  readonly flow: Flow;
  /** The step that the cursor is in. */
  readonly step: string | undefined;
  /** The text has errors: what is shown comes from before them. */
  readonly stale: boolean;
  readonly surroundings: Surroundings | undefined;
  readonly versions: readonly FlowVersion[];
  readonly viewing: number | undefined;
  readonly onView: (version: FlowVersion) => void;
  readonly onRollback: (version: number) => void;
  /** `undefined` where it cannot be archived now. */
  readonly onArchive: (() => void) | undefined;
}) {
  const { preferences } = useStudio();
  const [chosen, setChosen] = useState<Language | undefined>();
  const language = chosen ?? preferences.language;
  const { flow, stale, surroundings } = props;
  return (
    <div class="side">
      <Sentence
        flow={flow}
        stale={stale}
        surroundings={surroundings}
        language={language}
        onLanguage={setChosen}
      />
      <PreviewPanel flow={flow} step={props.step} surroundings={surroundings} language={language} />
      <Versions
        versions={props.versions}
        viewing={props.viewing}
        onView={props.onView}
        onRollback={props.onRollback}
        onArchive={props.onArchive}
      />
    </div>
  );
}

function Sentence(props: {
  readonly flow: Flow;
  readonly stale: boolean;
  readonly surroundings: Surroundings | undefined;
  readonly language: Language;
  readonly onLanguage: (language: Language) => void;
}) {
  const { words } = useStudio();
  const { language } = props;
  const text = readBack(props.flow, language, props.surroundings);
  return (
    <section class="panel" aria-labelledby="reads">
      <div class="panel-head">
        <h2 id="reads">{words.flow.reads}</h2>
        <Segmented
          small
          label={words.flow.sentenceLanguage}
          value={language}
          options={[
            { value: "en", label: "EN", lang: "en" },
            { value: "ru", label: "RU", lang: "ru" },
          ]}
          onChange={props.onLanguage}
        />
      </div>
      <div class="panel-body">
        <p class={props.stale ? "reads stale" : "reads"} lang={language} data-reads>
          {text ?? words.flow.readsBroken}
        </p>
        {props.stale && <p class="muted small-text">{words.flow.readsStale}</p>}
      </div>
    </section>
  );
}

function PreviewPanel(props: {
  readonly flow: Flow;
  readonly step: string | undefined;
  readonly surroundings: Surroundings | undefined;
  readonly language: Language;
}) {
  const { words } = useStudio();
  const { flow } = props;
  const steps = flow.kind === "checklist" ? [] : flow.steps;
  const at = Math.max(
    0,
    steps.findIndex(({ id }) => id === props.step),
  );
  return (
    <section class="panel" aria-labelledby="preview">
      <div class="panel-head">
        <h2 id="preview">{words.flow.preview}</h2>
        {steps.length > 1 && (
          <span class="muted small-text">{words.flow.previewStep(at + 1, steps.length)}</span>
        )}
      </div>
      <div class="preview-room">
        <Preview {...props} step={steps[at]?.id} />
      </div>
    </section>
  );
}

function Versions(props: {
  readonly versions: readonly FlowVersion[];
  readonly viewing: number | undefined;
  readonly onView: (version: FlowVersion) => void;
  readonly onRollback: (version: number) => void;
  readonly onArchive: (() => void) | undefined;
}) {
  const { words, format, mayPublish } = useStudio();
  const { versions, viewing } = props;
  return (
    <section class="panel" aria-labelledby="versions">
      <div class="panel-head">
        <h2 id="versions">{words.flow.versions}</h2>
        {props.onArchive !== undefined && (
          <button type="button" class="button quiet small" onClick={props.onArchive}>
            {words.archive.open}
          </button>
        )}
      </div>
      {versions.length === 0 ? (
        <p class="panel-body muted">{words.flow.versionsNone}</p>
      ) : (
        <ol class="versions">
          {versions.map((version) => (
            <li key={version.version} aria-current={version.version === viewing ? "true" : undefined}>
              <div class="version-facts">
                <strong>v{version.version}</strong>
                {version.live && <span class="chip published">{words.flow.live}</span>}
                <time class="muted" dateTime={version.publishedAt}>
                  {format.dateTime(version.publishedAt)}
                </time>
              </div>
              {version.author !== null && <span class="muted small-text">{version.author}</span>}
              {version.note !== null && <p class="version-note">{version.note}</p>}
              <div class="version-actions">
                <button
                  type="button"
                  class="button quiet small"
                  aria-label={words.flow.viewVersion(version.version)}
                  onClick={() => props.onView(version)}
                >
                  {words.flow.view}
                </button>
                {!version.live && mayPublish && (
                  <button
                    type="button"
                    class="button quiet small"
                    aria-label={words.flow.rollbackVersion(version.version)}
                    onClick={() => props.onRollback(version.version)}
                  >
                    {words.flow.rollback}
                  </button>
                )}
              </div>
            </li>
          ))}
        </ol>
      )}
    </section>
  );
}
