import type { TextView } from "@cairn/engine";
import type { ComponentChildren } from "preact";
import { type Block, type Inline, parseBlocks, parseInline, plainBlocks, plainText } from "./markdown.ts";
import { type AllowsUrl, linkTarget } from "./text.tsx";

export const drawLine = (text: TextView) => (
  <>{drawAll(parseInline(text.source, text.values), () => false)}</>
);
export const drawProse = (text: TextView, allowsUrl: AllowsUrl) => (
  <>{parseBlocks(text.source, text.values).map((block) => drawBlock(block, allowsUrl))}</>
);
export const wordsOf = (text: TextView): string => plainBlocks(parseBlocks(text.source, text.values));
export const lineOf = (text: TextView): string => plainText(parseInline(text.source, text.values));

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
