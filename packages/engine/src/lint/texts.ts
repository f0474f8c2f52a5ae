import type { Do, Flow, Text } from "@cairn/flow-schema";
import { stepLists } from "./context.ts";

/** What a text is for; decides how long it may be. */
export type TextRole = "title" | "body" | "label" | "itemTitle" | "itemBody" | "alt" | "flowTitle" | "copy";

export interface TextPlace {
  readonly role: TextRole;
  readonly path: string;
  readonly text: Text;
}

/** Every text of a flow that people can come to see. */
export function textsIn(flow: Flow): readonly TextPlace[] {
  const found: TextPlace[] = [];
  const add = (role: TextRole, path: string, text: Text | undefined) => {
    if (text !== undefined) found.push({ role, path, text });
  };
  const addCopied = (deeds: Do | readonly Do[] | undefined, path: string) => {
    for (const [i, deed] of (deeds === undefined ? [] : [deeds].flat()).entries())
      if (typeof deed === "object" && "copy" in deed)
        add("copy", Array.isArray(deeds) ? `${path}/${i}/copy` : `${path}/copy`, deed.copy);
  };
  add("flowTitle", "/title", flow.title);
  for (const { path, steps } of stepLists(flow))
    for (const [i, { title, body, media, actions = [] }] of steps.entries()) {
      const at = `${path}/${i}`;
      add("title", `${at}/title`, title);
      add("body", `${at}/body`, body);
      add("alt", `${at}/media/alt`, media?.alt);
      for (const [a, action] of actions.entries()) {
        add("label", `${at}/actions/${a}/label`, action.label);
        addCopied(action.do, `${at}/actions/${a}/do`);
      }
    }
  if (flow.kind === "checklist")
    for (const [i, item] of flow.items.entries()) {
      add("itemTitle", `/items/${i}/title`, item.title);
      add("itemBody", `/items/${i}/body`, item.body);
      addCopied(item.do, `/items/${i}/do`);
    }
  return found;
}

/** A text in each of its languages; `tag` is undefined where it is written once for all. */
export function languagesOf({ text, path }: TextPlace): readonly Wording[] {
  if (typeof text === "string") return [{ tag: undefined, words: text, path }];
  return Object.entries(text).map(([tag, words]) => ({ tag, words, path: `${path}/${tag}` }));
}
export interface Wording {
  readonly tag: string | undefined;
  readonly words: string;
  readonly path: string;
}

/** What people see of a text: no marks, a word for each variable. */
export const plain = (source: string): string =>
  source
    .replace(/!\[([^\]]*)\]\([^)]*\)/g, "")
    .replace(/\[([^\]]*)\]\([^)]*\)/g, "$1")
    .replace(/\{\{[^}]*\}\}/g, "somebody")
    .replace(/[*_`#]+/g, "")
    .replace(/\s+/g, " ")
    .trim();

/** Whether a language tag is Russian, English …: `ru-RU` is. */
export const isLanguage = (tag: string | undefined, language: string): boolean =>
  tag !== undefined && `${tag.toLowerCase()}-`.startsWith(`${language}-`);
