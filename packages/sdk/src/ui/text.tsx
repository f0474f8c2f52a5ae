import type { TextView } from "@cairn/engine";
import type { ComponentChildren } from "preact";
import { type Block, type Inline, parseBlocks, parseInline, plainBlocks, plainText } from "./markdown.ts";

/** Whether an address may be followed or loaded. */
export type AllowsUrl = (url: string) => boolean;

/** Words on one line without links: titles and labels. */
export function Line({ text }: { readonly text: TextView }) {
  return <>{drawAll(parseInline(text.source, text.values), () => false)}</>;
}

/** Words with paragraphs, lists and links. */
export function Prose({ text, allowsUrl }: { readonly text: TextView; readonly allowsUrl: AllowsUrl }) {
  return <>{parseBlocks(text.source, text.values).map((block) => drawBlock(block, allowsUrl))}</>;
}

export const wordsOf = (text: TextView | undefined): string =>
  text === undefined ? "" : plainBlocks(parseBlocks(text.source, text.values));
export const lineOf = (text: TextView): string => plainText(parseInline(text.source, text.values));

/** Links to other places open beside the host's page, so that nothing a person has typed is lost. */
export const linkTarget = (url: string) =>
  /^https?:/i.test(url) ? { target: "_blank", rel: "noopener noreferrer" } : {};

function drawBlock(block: Block, allowsUrl: AllowsUrl) {
  if ("items" in block) {
    const List = block.type;
    return (
      <List>
        {block.items.map((item) => (
          <li>{drawAll(item, allowsUrl)}</li>
        ))}
      </List>
    );
  }
  const Tag = block.type;
  return <Tag>{drawAll(block.children, allowsUrl)}</Tag>;
}

function drawAll(nodes: readonly Inline[], allowsUrl: AllowsUrl): ComponentChildren {
  return nodes.map((node) => draw(node, allowsUrl));
}

function draw(node: Inline, allowsUrl: AllowsUrl): ComponentChildren {
  if (typeof node === "string") return node;
  if (node.type === "image")
    return allowsUrl(node.url) ? (
      <img src={node.url} alt={node.alt} referrerpolicy="no-referrer" />
    ) : (
      node.alt
    );
  const children = drawAll(node.children, allowsUrl);
  if (node.type === "link")
    return allowsUrl(node.url) ? (
      <a href={node.url} {...linkTarget(node.url)}>
        {children}
      </a>
    ) : (
      children
    );
  const Tag = node.type;
  return <Tag>{children}</Tag>;
}
