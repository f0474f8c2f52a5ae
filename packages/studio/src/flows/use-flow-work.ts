import { assertNever, type Flow } from "@cairn/flow-schema";
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { ApiError, read } from "../api/read.ts";
import { asApiError } from "../api/use-load.ts";
import { type Checked, checkText, type Finding, findingsOf } from "../editor/finding.ts";
import type { JsonService } from "../editor/json-service.ts";
import { prettyJson } from "../editor/pretty-json.ts";
import { useStudio } from "../shell/studio-context.ts";
import * as flowApi from "./flow-api.ts";

/** How long typing has to pause before the text is checked. */
const CHECK_AFTER_MS = 150;

/** What the page is in the middle of asking. */
export type Question =
  | { readonly type: "publish" }
  | { readonly type: "ask" }
  | { readonly type: "rollback"; readonly version: number }
  | { readonly type: "conflict"; readonly then: Then };

/** What was to happen when somebody else turned out to have saved. */
export type Then =
  | { readonly type: "save" }
  | { readonly type: "ask"; readonly note: string }
  | { readonly type: "publish"; readonly note: string; readonly at: string | undefined };

/** One flow being worked on: its text, what is wrong with it, and every way to write it. */
export type FlowWork = ReturnType<typeof useFlowWork>;

export function useFlowWork(
  start: { readonly draft: flowApi.Draft; readonly versions: readonly flowApi.FlowVersion[] },
  surroundings: flowApi.Surroundings | undefined,
  service: JsonService,
) {
  const { api, words, format, announce } = useStudio();
  const id = start.draft.flow.id;
  const [base, setBase] = useState(start.draft);
  const [saved, setSaved] = useState(() => prettyJson(start.draft.flow));
  const [text, setText] = useState(saved);
  const [revision, setRevision] = useState(0);
  const [versions, setVersions] = useState(start.versions);
  const [checked, setChecked] = useState<Checked | undefined>();
  const [lastGood, setLastGood] = useState<Flow>(start.draft.flow);
  const [refused, setRefused] = useState<readonly Finding[]>([]);
  const [question, setQuestion] = useState<Question | undefined>();
  const [busy, setBusy] = useState(false);
  const [done, setRound] = useState(0);
  const [error, setError] = useState<ApiError | undefined>();
  const dirty = text !== saved;
  const live = versions.find((version) => version.live);

  const known = useMemo(
    () =>
      surroundings === undefined
        ? {}
        : {
            flows: surroundings.flows.map((flow) => flow.id),
            features: surroundings.features.map((feature) => feature.id),
            segments: surroundings.segments.map((segment) => segment.id),
          },
    [surroundings],
  );

  const round = useRef(0);
  useEffect(() => {
    round.current += 1;
    const mine = round.current;
    const timer = setTimeout(async () => {
      const next = await checkText(text, known, service, words.flow.syntax);
      if (mine !== round.current) return;
      setChecked(next);
      if (next.flow !== undefined) setLastGood(next.flow);
    }, CHECK_AFTER_MS);
    return () => clearTimeout(timer);
  }, [text, known, service, words]);

  /** Runs one write after another; what the server says against it stays on the page until the next. */
  async function attempt(then: Then, work: () => Promise<void>): Promise<void> {
    if (busy) return;
    setBusy(true);
    setError(undefined);
    setRefused([]);
    try {
      await work();
      setRound((n) => n + 1);
    } catch (thrown) {
      const failure = asApiError(thrown);
      if (failure.status === 412) setQuestion({ type: "conflict", then });
      else {
        setQuestion(undefined);
        setRefused(findingsOf(text, failure.problems));
        setError(failure);
      }
    } finally {
      setBusy(false);
    }
  }

  /** Puts another text into the editor; `setText` only takes over what was typed there. */
  function replaceText(next: string): void {
    setText(next);
    setRevision((n) => n + 1);
  }
  function definition(): unknown {
    try {
      return JSON.parse(text);
    } catch {
      throw new ApiError(422, "no-json", words.flow.fixFirst);
    }
  }
  /** Returns the tag under which it now stands. */
  async function write(etag: string | undefined): Promise<string | undefined> {
    const written = await flowApi.saveDraft(api, id, definition(), etag);
    setBase(written);
    // The text stays as the author laid it out; only what it says has gone to the server.
    setSaved(text);
    return written.etag;
  }
  /** What the author wanted besides saving, of the draft that stands under this tag. */
  async function goOn(then: Then, etag: string | undefined): Promise<void> {
    switch (then.type) {
      case "save":
        return announce(words.flow.savedDraft);
      case "ask": {
        const json = then.note === "" ? {} : { note: then.note };
        await read(api.v1.flows[":id"].ask.$post({ param: { id }, json }));
        return announce(words.review.askSaid);
      }
      case "publish": {
        const result = await flowApi.publish(api, id, etag, then.note, then.at);
        setVersions(await flowApi.listVersions(api, id));
        return announce(
          result.type === "live"
            ? words.flow.publishedAs(result.version)
            : words.plan.planned(format.dateTime(result.at)),
        );
      }
      default:
        return assertNever(then);
    }
  }
  const run = (then: Then) =>
    attempt(then, async () => {
      const etag = dirty || then.type === "save" ? await write(base.etag) : base.etag;
      await goOn(then, etag);
      setQuestion(undefined);
    });

  return {
    id,
    /** The draft as the server has it. */
    saved: base.flow,
    etag: base.etag,
    text,
    revision,
    setText,
    replaceText,
    dirty,
    versions,
    live,
    busy,
    error,
    question,
    setQuestion,
    /** The text's own findings, then what only the server knew. */
    findings: [...(checked?.text === text ? checked.findings : (checked?.findings ?? [])), ...refused],
    /** Whether what is in the editor right now has been checked and is a flow. */
    sound: checked?.text === text && checked.flow !== undefined,
    checkedText: checked?.text,
    /** The flow of the last text that was one. */
    lastGood,
    /** Goes up with every write that succeeded: what the server says of the flow may be another thing now. */
    done,
    save: () => run({ type: "save" }),
    ask: (note: string) => run({ type: "ask", note }),
    publish: (note: string, at: string | undefined) => run({ type: "publish", note, at }),
    /** Ends a conflict in favour of this editor. */
    overwrite: (then: Then) =>
      attempt(then, async () => {
        await goOn(then, await write(undefined));
        setQuestion(undefined);
      }),
    /** Ends a conflict in favour of the server. */
    reload: () =>
      attempt({ type: "save" }, async () => {
        const draft = await flowApi.loadDraft(api, id);
        const fresh = prettyJson(draft.flow);
        setBase(draft);
        setSaved(fresh);
        replaceText(fresh);
        setVersions(await flowApi.listVersions(api, id));
        setQuestion(undefined);
      }),
    rollback: (version: number) =>
      attempt({ type: "save" }, async () => {
        const next = await flowApi.rollback(api, id, version);
        setVersions(await flowApi.listVersions(api, id));
        setQuestion(undefined);
        announce(words.flow.rolledBack(next, version));
      }),
    format: () => {
      if (checked?.text === text) replaceText(layOut(text, service));
    },
  };
}

function layOut(text: string, service: JsonService): string {
  try {
    return prettyJson(JSON.parse(text));
  } catch {
    return service.format(text);
  }
}
