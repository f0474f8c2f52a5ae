import { lookUp, type Values, withValues } from "./values.ts";

/**
 * The Markdown subset of hints: paragraph, strong, emphasis, code, link, list, h2–h4, image. One pass, linear in the
 * length of the source; whatever is not of the subset stays plain text. There is no HTML.
 */
export type Inline =
  | string
  | { readonly type: "strong" | "em" | "code"; readonly children: readonly Inline[] }
  | { readonly type: "link"; readonly url: string; readonly children: readonly Inline[] }
  | { readonly type: "image"; readonly url: string; readonly alt: string };
export type Block =
  | { readonly type: "p" | "h2" | "h3" | "h4"; readonly children: readonly Inline[] }
  | { readonly type: "ul" | "ol"; readonly items: readonly (readonly Inline[])[] };

const HEADING = /^(#{2,4})\s+(.*)$/;
const ITEM = /^\s*(?:([-*+])|\d{1,9}[.)])\s+(.*)$/;

export function parseBlocks(source: string, values: Values): Block[] {
  const blocks: Block[] = [];
  let lines: string[] = [];
  let list: { type: "ul" | "ol"; items: string[][] } | null = null;
  const inline = (text: readonly string[]) => parseInline(text.join("\n"), values);
  const flush = () => {
    if (lines.length > 0) blocks.push({ type: "p", children: inline(lines) });
    if (list !== null) blocks.push({ type: list.type, items: list.items.map(inline) });
    lines = [];
    list = null;
  };
  for (const line of source.split(/\r\n?|\n/)) {
    const heading = HEADING.exec(line);
    const item = ITEM.exec(line);
    if (line.trim() === "") flush();
    else if (heading !== null) {
      flush();
      const type = `h${heading[1]?.length}` as "h2" | "h3" | "h4";
      blocks.push({ type, children: inline([heading[2] ?? ""]) });
    } else if (item !== null) {
      const type = item[1] === undefined ? "ol" : "ul";
      // Read through a fresh binding: the compiler does not see that `flush` writes to `list`.
      const open = list as { type: "ul" | "ol"; items: string[][] } | null;
      if (open?.type === type) open.items.push([item[2] ?? ""]);
      else {
        flush();
        list = { type, items: [[item[2] ?? ""]] };
      }
    } else {
      const last = (list as { items: string[][] } | null)?.items.at(-1);
      (last ?? lines).push(line.trim());
    }
  }
  flush();
  return blocks;
}

interface Frame {
  type: "root" | "strong" | "em" | "link";
  /** The text that opened it: what it becomes where it is never closed. */
  mark: string;
  children: Inline[];
}

// Each stops at the first character that may begin the next one, which is what keeps the whole linear.
const VALUE = /\{\{([^{}]*)\}\}/y;
const CODE = /`([^`]+)`/y;
const LINK_END = /\]\(([^\s()]*)\)/y;
const IMAGE = /!\[([^\][\n]*)\]\(([^\s()]*)\)/y;
const PLAIN = /[^\\`*_[\]!{]+/y;

export function parseInline(source: string, values: Values): Inline[] {
  // Of each type at most one frame is open, so the stack is at most four deep and every child moves at most thrice.
  const root: Frame = { type: "root", mark: "", children: [] };
  const stack: Frame[] = [root];
  const top = () => stack.at(-1) ?? root;
  const has = (type: Frame["type"]) => stack.some((frame) => frame.type === type);
  const add = (node: Inline) => {
    const { children } = top();
    const last = children.at(-1);
    if (typeof node === "string" && typeof last === "string") children[children.length - 1] = last + node;
    else children.push(node);
  };
  /** What was never closed is text: its mark and its children go to the frame below. */
  const dissolve = () => {
    const frame = stack.pop() ?? root;
    for (const node of [frame.mark, ...frame.children]) add(node);
  };
  /** Dissolves what is open above the frame of this type, which is open. */
  const dissolveTo = (type: Frame["type"]) => {
    while (top().type !== type) dissolve();
  };
  let at = 0;
  const match = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = at;
    return pattern.exec(source);
  };
  while (at < source.length) {
    const plain = match(PLAIN)?.[0];
    if (plain !== undefined) {
      add(plain);
      at += plain.length;
      continue;
    }
    const char = source.charAt(at);
    const next = source.charAt(at + 1);
    const value = char === "{" ? match(VALUE) : null;
    const code = char === "`" ? match(CODE) : null;
    if (char === "\\" && /[!-/:-@[-`{-~]/.test(next)) {
      add(next);
      at += 2;
    } else if (value !== null) {
      add(lookUp(value[1] ?? "", values));
      at += value[0].length;
    } else if (code !== null) {
      add({ type: "code", children: [withValues(code[1] ?? "", values)] });
      at += code[0].length;
    } else if (char === "*" || char === "_") {
      const before = source.charAt(at - 1);
      const strong = char === "*" && next === "*" && !(top().type === "em" && source.startsWith("***", at));
      const type = strong ? "strong" : "em";
      const mark = strong ? "**" : char;
      const after = source.charAt(at + mark.length);
      // `snake_case` is a word, not emphasis.
      const inWord = (side: string) => char === "_" && /[\p{L}\d]/u.test(side);
      if (has(type) && /\S/.test(before) && !inWord(after)) {
        dissolveTo(type);
        const { children } = stack.pop() ?? root;
        add({ type, children });
      } else if (!has(type) && /\S/.test(after) && !inWord(before)) stack.push({ type, mark, children: [] });
      else add(mark);
      at += mark.length;
    } else if (char === "[") {
      if (has("link")) {
        dissolveTo("link");
        dissolve();
      }
      stack.push({ type: "link", mark: char, children: [] });
      at += 1;
    } else if (char === "]" && has("link")) {
      const end = match(LINK_END);
      dissolveTo("link");
      if (end === null) {
        dissolve();
        add(char);
      } else {
        const { children } = stack.pop() ?? root;
        add({ type: "link", url: urlOf(end[1] ?? "", values), children });
      }
      at += end?.[0].length ?? 1;
    } else {
      const image = char === "!" ? match(IMAGE) : null;
      if (image !== null)
        add({ type: "image", alt: withValues(image[1] ?? "", values), url: urlOf(image[2] ?? "", values) });
      else add(char);
      at += image?.[0].length ?? 1;
    }
  }
  dissolveTo("root");
  return root.children;
}

/** The words alone. */
export function plainText(nodes: readonly Inline[]): string {
  return nodes
    .map((node) =>
      typeof node === "string" ? node : node.type === "image" ? node.alt : plainText(node.children),
    )
    .join("");
}

/** The words of whole blocks, a space between them. */
export function plainBlocks(blocks: readonly Block[]): string {
  return blocks
    .map((block) => ("items" in block ? block.items.map(plainText).join(" ") : plainText(block.children)))
    .join(" ");
}

/** In an address a value is one part of it: it cannot bring a scheme, a host or a further parameter. */
const urlOf = (text: string, values: Values) => withValues(text, values, encodeURIComponent);
