import { useEffect, useRef, useState } from "preact/hooks";
import type { Words } from "../words/en.ts";
import { useWords } from "../words/language.ts";
import {
  type FlowAnswer,
  latestOf,
  readAnswers,
  readNames,
  type Verdict,
  verdictsOf,
} from "./why-answers.ts";
import { WhyConditions } from "./why-conditions.tsx";

const REFRESH_MS = 1_000;

/** What Cairn answers when asked why: each hint as things stand, and the decisions that led here. */
export function WhyPanel({ open, onClose }: { open: boolean; onClose: () => void }) {
  const words = useWords();
  const heading = useRef<HTMLHeadingElement>(null);
  const [flows, setFlows] = useState<readonly FlowAnswer[]>();
  const [verdicts, setVerdicts] = useState<readonly Verdict[]>([]);
  const [names, setNames] = useState<ReadonlyMap<string, string>>(new Map());

  useEffect(() => {
    if (!open) return;
    heading.current?.focus();
    let closed = false;
    const look = async (): Promise<void> => {
      const answers = await readAnswers(window.cairn);
      if (closed) return;
      setFlows(answers);
      setVerdicts(verdictsOf(window.cairn));
    };
    readNames().then(setNames);
    look();
    const timer = setInterval(look, REFRESH_MS);
    const key = (event: KeyboardEvent): void => {
      if (event.key === "Escape") onClose();
    };
    document.addEventListener("keydown", key);
    return () => {
      closed = true;
      clearInterval(timer);
      document.removeEventListener("keydown", key);
    };
  }, [open]);

  const nameOf = (flow: string): string => words.why.flows[flow] ?? names.get(flow) ?? flow;

  return (
    <aside id="why" class="why" aria-labelledby="why-title" hidden={!open}>
      <header>
        <h2 id="why-title" ref={heading} tabIndex={-1}>
          {words.why.title}
        </h2>
        <button type="button" class="icon-button" aria-label={words.common.close} onClick={onClose}>
          <svg viewBox="0 0 20 20" width="20" height="20" aria-hidden="true">
            <path d="M5 5l10 10M15 5 5 15" />
          </svg>
        </button>
      </header>
      <div class="why-body">
        <p class="quiet-text">{words.why.lead}</p>
        {flows === undefined || flows.length === 0 ? <p class="note">{words.why.none}</p> : null}
        <ul class="why-flows">
          {(flows ?? []).map((flow) => {
            const last = latestOf(verdicts, flow.flow);
            return (
              <li key={flow.flow}>
                <p class="why-name">{nameOf(flow.flow)}</p>
                <p class={`why-state ${flow.open ? "on" : flow.gate ? "held" : "none"}`}>
                  {flow.open ? words.why.open : sayNow(words, flow, last)}
                </p>
                <details>
                  <summary>{words.why.conditions}</summary>
                  {flow.trigger === null ? null : (
                    <WhyConditions label={words.why.itsMoment} tree={flow.trigger} />
                  )}
                  {flow.audience === null ? null : (
                    <WhyConditions label={words.why.forWhom} tree={flow.audience} />
                  )}
                </details>
              </li>
            );
          })}
        </ul>
        <h3>{words.why.log}</h3>
        {verdicts.length === 0 ? <p class="quiet-text">{words.why.noLog}</p> : null}
        <ol class="why-log">
          {verdicts.map((verdict) => (
            <li key={verdict.key}>
              <time dateTime={new Date(verdict.at).toISOString()}>
                {new Date(verdict.at).toLocaleTimeString(words.tag)}
              </time>
              <span>
                <b>{nameOf(verdict.flow)}</b>
                <br />
                {say(words, verdict)}
                {verdict.count > 1 ? <i> {words.why.times(verdict.count)}</i> : null}
              </span>
            </li>
          ))}
        </ol>
      </div>
    </aside>
  );
}

function sayNow(words: Words, flow: FlowAnswer, last: Verdict | undefined): string {
  if (flow.gate) return `${words.why.held}: ${reasonIn(words, flow.gate.reason)}`;
  return last?.outcome === "shown" ? `${words.why.shown}. ${words.why.trigger}` : words.why.trigger;
}

function say(words: Words, verdict: Verdict): string {
  const outcome = words.why[verdict.outcome];
  return verdict.reason === undefined ? outcome : `${outcome}: ${reasonIn(words, verdict.reason)}`;
}

function reasonIn(words: Words, reason: string): string {
  return (words.why.reasons as { readonly [code: string]: string })[reason] ?? reason;
}
