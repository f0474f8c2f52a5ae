import {
  type Completion,
  type CompletionContext,
  type CompletionResult,
  type CompletionSource,
  snippet,
  startCompletion,
} from "@codemirror/autocomplete";
import type { JsonService, Proposal } from "./json-service.ts";
import { namesAt, type Vocabulary } from "./names.ts";
import { phrasesAt } from "./phrases.ts";
import { type Place, placeAt } from "./place.ts";
import { opensEmptyField, snippetTemplate } from "./snippet-template.ts";

/** Completion for CodeMirror out of three wells: the environment's names, ready phrases, the JSON Schema. */
export function completionSource(service: JsonService, vocabulary: () => Vocabulary): CompletionSource {
  return async (context) => {
    const text = context.state.doc.toString();
    if (!context.explicit && !invites(text, context.pos)) return null;
    const [proposals, place] = [
      await service.complete(text, context.pos),
      placeAt(service.parse(text), text, context.pos),
    ];
    return context.aborted ? null : completionsAt(context, text, place, proposals, vocabulary());
  };
}

function completionsAt(
  context: CompletionContext,
  text: string,
  place: Place | undefined,
  proposals: readonly Proposal[],
  vocabulary: Vocabulary,
): CompletionResult | null {
  const from = place?.from ?? proposals[0]?.from ?? context.pos;
  const to = place?.to ?? proposals[0]?.to ?? context.pos;
  const options = new Map<string, Completion>();
  const add = (option: Completion) => {
    const key = option.displayLabel ?? option.label;
    if (!options.has(key)) options.set(key, option);
  };
  if (place !== undefined) {
    const comma = separator(text, to);
    for (const { name, detail, info } of namesAt(place, vocabulary)) {
      const quoted = JSON.stringify(name);
      const template =
        place.kind === "key"
          ? `${escaped(quoted)}${hasColon(text, to) ? "" : `: $1${comma}`}`
          : escaped(quoted) + comma;
      add({
        label: quoted,
        displayLabel: name,
        type: place.kind === "key" ? "property" : "text",
        boost: 50,
        ...(detail === undefined ? {} : { detail }),
        ...(info === undefined ? {} : { info }),
        apply: applySnippet(template),
      });
    }
    if (text.slice(from, to).trim() === "" || context.explicit)
      for (const { label, body } of phrasesAt(place))
        add({ label, type: "keyword", boost: 10, apply: applySnippet(body + comma) });
  }
  for (const { item, newText, from: start, to: end } of proposals) {
    if (start !== from || end !== to || isNoise(item.label, place)) continue;
    const info = typeof item.documentation === "string" ? item.documentation : item.documentation?.value;
    add({
      label: item.filterText ?? item.label,
      displayLabel: item.label,
      type: place?.kind === "key" ? "property" : "enum",
      ...(info ? { info } : {}),
      apply: applySnippet(newText),
    });
  }
  if (options.size === 0) return null;
  // Asked for in a value that is complete already, the list shows what else could stand there.
  const written = text.slice(from, to);
  const settled = context.explicit && options.has(unquoted(written));
  return { from, to, options: [...options.values()], filter: !settled };
}

/** While typing, completion opens inside words and strings and behind `": "`, not on every space. */
function invites(text: string, pos: number): boolean {
  const before = text.slice(Math.max(0, pos - 3), pos);
  return /["\w.$/-]$/.test(before) || /:\s$/.test(before);
}

/** The schema's own guesses that only get in the way of names and phrases. */
function isNoise(label: string, place: Place | undefined): boolean {
  return place?.kind === "value" && (label === "{}" || label === "[]" || label === '""');
}

function applySnippet(lsp: string): Exclude<Completion["apply"], undefined> {
  const template = snippetTemplate(lsp);
  const insert = snippet(template);
  return (view, completion, from, to) => {
    insert(view, completion, from, to);
    // A property's value is the next thing to choose: offer it at once.
    if (opensEmptyField(template)) queueMicrotask(() => startCompletion(view));
  };
}

function unquoted(literal: string): string {
  return literal.replace(/^"(.*)"$/, "$1");
}

function escaped(text: string): string {
  return text.replaceAll(/[\\$}]/g, "\\$&");
}

function hasColon(text: string, at: number): boolean {
  return /^\s*:/.test(text.slice(at, at + 80));
}

function separator(text: string, at: number): string {
  return /^\s*(?:[,}\]]|$)/.test(text.slice(at, at + 400)) ? "" : ",";
}
