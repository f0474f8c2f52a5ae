import type { Flow } from "@cairn/flow-schema";
import { createUi } from "@cairn/sdk/ui";
import { useEffect, useRef, useState } from "preact/hooks";
import type { Surroundings } from "../flows/flow-api.ts";
import type { Language } from "../shell/preferences.ts";
import { useStudio } from "../shell/studio-context.ts";
import { keepFocusOut } from "./keep-focus-out.ts";
import { BLANK_PAGE, drawMockPage } from "./mock-page.ts";
import { exampleTraits, previewConfig, stepIndex } from "./preview-definition.ts";
import { createPreviewRun, type PreviewRun } from "./preview-run.ts";

/** How long typing pauses before the hint is drawn anew. */
const REDRAW_MS = 250;

/** Kinds that want the room of a wide page: they are shown from further away. */
const WIDE: ReadonlySet<string> = new Set(["checklist", "modal", "slideout", "banner"]);

const allowsUrl = (url: string) => /^(?:https?:|mailto:|tel:|\/)/.test(url);

/** The hint as people will see it: the real engine, the real UI, an invented page. */
export function Preview(props: {
  readonly flow: Flow;
  readonly step: string | undefined;
  readonly language: Language;
  readonly surroundings: Surroundings | undefined;
}) {
  const { words, preferences } = useStudio();
  const { flow, step, language, surroundings } = props;
  const frame = useRef<HTMLIFrameElement>(null);
  const [loaded, setLoaded] = useState(false);
  const [closed, setClosed] = useState(false);
  const [round, setRound] = useState(0);

  useEffect(() => {
    if (!loaded || frame.current === null) return;
    const yieldFocus = keepFocusOut(frame.current, flow.kind);
    const page = drawMockPage(frame.current, words.flow.previewTarget, language);
    if (page === undefined) return;
    let run: PreviewRun | undefined;
    const ui = createUi({
      document: page.document,
      clock: {
        now: () => Date.now(),
        after(ms, fn) {
          const timer = setTimeout(fn, ms);
          return () => clearTimeout(timer);
        },
      },
      locale: language,
      find: () => page.target,
      // The page is a picture of one: it never changes.
      watch: () => () => {},
      act: (id, act) => run?.dispatch({ type: "action", run: id, act }),
      exposed: (id, shown) => run?.dispatch({ type: "exposed", run: id, step: shown }),
      allowsUrl,
      guard: (fn) => fn,
      listen(target, types, listener) {
        const ended = new AbortController();
        for (const type of types.split(" "))
          target.addEventListener(type, listener, { capture: true, signal: ended.signal });
        return () => ended.abort();
      },
    });
    const account = exampleTraits(surroundings?.catalog.attributes.account ?? []);
    const timer = setTimeout(() => {
      setClosed(false);
      try {
        run = createPreviewRun(
          previewConfig(flow, step, surroundings),
          flow,
          {
            user: exampleTraits(surroundings?.catalog.attributes.user ?? []),
            account,
            locale: language,
          },
          {
            show(view) {
              const at = view.step === null ? null : { ...view.step, index: stepIndex(flow, view.step.id) };
              // A checklist that is taken up again starts folded; the preview wants it open.
              ui.show({ ...view, step: at }, { resumed: view.items === null });
            },
            update: (view) => ui.update(view),
            hide(id) {
              ui.hide(id);
              setClosed(true);
            },
            host(call) {
              if (call.kind !== "contact") return;
              const theme = { ...surroundings?.settings.theme, ...flow.theme };
              void import("@cairn/sdk/panels").then(({ contactOf, contactPanel }) =>
                ui.panel(contactPanel(contactOf(account, call.who, allowsUrl)), theme),
              );
            },
          },
          () => Date.now(),
        );
      } catch {
        // A preview is a help beside the editor: a flow that cannot be played leaves the stage empty.
        setClosed(true);
      }
    }, REDRAW_MS);
    return () => {
      yieldFocus();
      clearTimeout(timer);
      ui.dispose();
    };
  }, [flow, step, language, surroundings, loaded, words, preferences.theme, round]);

  return (
    <div class={WIDE.has(flow.kind) ? "preview-stage far" : "preview-stage"}>
      <iframe ref={frame} title={words.flow.preview} srcdoc={BLANK_PAGE} onLoad={() => setLoaded(true)} />
      {closed && (
        <button type="button" class="button small" onClick={() => setRound(round + 1)}>
          {words.flow.previewAgain}
        </button>
      )}
    </div>
  );
}
