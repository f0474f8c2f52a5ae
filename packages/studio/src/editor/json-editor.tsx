import {
  autocompletion,
  closeBrackets,
  closeBracketsKeymap,
  completionKeymap,
} from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap, indentWithTab } from "@codemirror/commands";
import { json } from "@codemirror/lang-json";
import { bracketMatching, foldGutter, foldKeymap, indentOnInput } from "@codemirror/language";
import { type Diagnostic, lintGutter, lintKeymap, setDiagnostics } from "@codemirror/lint";
import { Compartment, EditorState } from "@codemirror/state";
import {
  drawSelection,
  EditorView,
  highlightActiveLine,
  highlightActiveLineGutter,
  keymap,
  lineNumbers,
} from "@codemirror/view";
import { useEffect, useRef } from "preact/hooks";
import { completionSource } from "./completion-source.ts";
import { hoverSource } from "./hover-source.ts";
import type { JsonService } from "./json-service.ts";
import { editorLook } from "./look.ts";
import type { Vocabulary } from "./names.ts";

/** What the page around the editor may ask of it. */
export interface EditorHandle {
  /** Puts the cursor at an offset, scrolls there and takes the focus. */
  goTo(offset: number): void;
}

/**
 * CodeMirror for one flow definition. While one types, the editor is ahead of the page, so its text is replaced
 * only where the page says so, by another `revision`; that is one undoable change.
 */
export function JsonEditor(props: {
  readonly value: string;
  /** Changes when `value` comes from somewhere else than the editor itself. */
  readonly revision: string;
  readonly onChange: (value: string) => void;
  readonly diagnostics: readonly Diagnostic[];
  readonly readOnly: boolean;
  readonly service: JsonService;
  readonly vocabulary: Vocabulary;
  readonly label: string;
  readonly describedBy: string;
  /** The cursor has moved, or the text under it has changed. */
  readonly onCursor?: (offset: number) => void;
  readonly onReady?: (handle: EditorHandle) => void;
}) {
  const { value, revision, diagnostics, readOnly, service, label, describedBy } = props;
  const host = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView | undefined>(undefined);
  // The editor outlives renders: it reads the newest props through this reference.
  const latest = useRef(props);
  latest.current = props;
  const access = useRef(new Compartment());

  // Dependencies: the editor is made once; what changes goes through `latest` and the effects below.
  useEffect(() => {
    if (host.current === null) return;
    const editor = new EditorView({
      parent: host.current,
      state: EditorState.create({
        doc: value,
        extensions: [
          lineNumbers(),
          foldGutter(),
          lintGutter(),
          history(),
          drawSelection(),
          indentOnInput(),
          bracketMatching(),
          closeBrackets(),
          highlightActiveLine(),
          highlightActiveLineGutter(),
          json(),
          editorLook,
          EditorView.lineWrapping,
          EditorState.tabSize.of(2),
          autocompletion({
            override: [completionSource(service, () => latest.current.vocabulary)],
            icons: false,
            activateOnTypingDelay: 60,
            maxRenderedOptions: 60,
          }),
          hoverSource(service, () => latest.current.vocabulary),
          access.current.of(accessFor(readOnly, label, describedBy)),
          keymap.of([
            ...closeBracketsKeymap,
            ...completionKeymap,
            ...lintKeymap,
            ...historyKeymap,
            ...foldKeymap,
            ...defaultKeymap,
            indentWithTab,
          ]),
          EditorView.updateListener.of((update) => {
            if (update.docChanged) latest.current.onChange(update.state.doc.toString());
            if (update.selectionSet) latest.current.onCursor?.(update.state.selection.main.head);
          }),
        ],
      }),
    });
    view.current = editor;
    latest.current.onReady?.({
      goTo(offset) {
        const at = Math.min(offset, editor.state.doc.length);
        editor.dispatch({
          selection: { anchor: at },
          effects: EditorView.scrollIntoView(at, { y: "center" }),
        });
        editor.focus();
      },
    });
    return () => editor.destroy();
  }, []);

  // Dependencies: a value of the editor's own making may be older than its text.
  useEffect(() => {
    const editor = view.current;
    if (editor === undefined || editor.state.doc.toString() === value) return;
    editor.dispatch({ changes: { from: 0, to: editor.state.doc.length, insert: value } });
  }, [revision]);

  useEffect(() => {
    view.current?.dispatch({
      effects: access.current.reconfigure(accessFor(readOnly, label, describedBy)),
    });
  }, [readOnly, label, describedBy]);

  useEffect(() => {
    const editor = view.current;
    if (editor === undefined) return;
    const end = editor.state.doc.length;
    const inside = diagnostics.filter(({ from, to }) => from <= to && to <= end);
    editor.dispatch(setDiagnostics(editor.state, inside));
  }, [diagnostics]);

  return <div class="editor-host" ref={host} />;
}

function accessFor(readOnly: boolean, label: string, describedBy: string) {
  return [
    EditorState.readOnly.of(readOnly),
    EditorView.contentAttributes.of({
      "aria-label": label,
      "aria-describedby": describedBy,
      tabindex: "0",
    }),
  ];
}
