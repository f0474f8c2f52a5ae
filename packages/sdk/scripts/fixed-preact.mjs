/**
 * Hints are drawn by functions without state: no classes, context, refs, portals, hydration, suspense, event handlers,
 * form fields or inner HTML, and no add-on hooks into Preact. A minifier cannot know that; here Preact's own source
 * is taken, what is never there is written in as a constant, and the minifier drops what only that would need
 * (a kilobyte or so). The version is pinned, and a place that does not look as expected fails the build.
 */
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

const home = dirname(createRequire(import.meta.url).resolve("preact/package.json"));
const RESOLVED = {
  preact: join(home, "src/index.js"),
  "preact/jsx-runtime": join(home, "jsx-runtime/src/index.js"),
};

/** By file: what stands there, and what it comes to. */
const CONSTANTS = {
  "src/options.js": [[/import \{ _catchError \}.*|_catchError$/gm, ""]],
  "src/constants.js": [
    [/(MODE_HYDRATE|MODE_SUSPENDED|REF_DETACHED) = 1 << \d/g, "$1 = 0"],
    [/(COMPONENT_(?:PROCESSING_EXCEPTION|PENDING_ERROR|FORCE|DIRTY)) = 1 << \d/g, "$1 = 0"],
  ],
  "src/create-element.js": [[/options\.vnode/g, "false"]],
  "jsx-runtime/src/index.js": [
    [/'ref' in normalizedProps/g, "false"],
    [/options\.vnode/g, "false"],
  ],
  "src/component.js": [
    // `setState` and `forceUpdate`, with the queue behind them.
    [/BaseComponent\.prototype\.(setState|forceUpdate) = function[\s\S]*?\n\};/g, ""],
    [/(?<=&& )!vnode\.props\._parentDom/g, "true"],
  ],
  "src/render.js": [
    [/options\._root/g, "false"],
    [/vnode && vnode\._flags & MODE_HYDRATE/g, "false"],
    [/parentDom\.nodeType == 9/g, "false"],
  ],
  "src/diff/props.js": [
    [/typeof (value|oldValue) == 'string'/g, "false"],
    [/name\[0\] == 'o' && name\[1\] == 'n'/g, "false"],
  ],
  "src/diff/children.js": [
    [/(?:oldVNode|childVNode)\.ref\b(?!,)/g, "false"],
    [/parentVNode\.props\._parentDom/g, "false"],
    [/oldDom && !oldDom\.parentNode/g, "false"],
    [/childVNode\.constructor === String/g, "false"],
  ],
  "src/diff/index.js": [
    [/options\.(_diff|diffed|_render|_commit|unmount|_hydrationMismatch)\b(?!\()/g, "false"],
    [/const isClassComponent = .*;/g, "const isClassComponent = false;"],
    [/newType\.contextType/g, "false"],
    [/c\.(shouldComponentUpdate|componentWillUpdate|getChildContext)\b(?!\()/g, "false"],
    [/r\.componentWillUnmount\b(?!\()/g, "false"],
    [/(?:newProps|oldVNode\.props|vnode\.props)\._parentDom/g, "false"],
    [/\(r = vnode\.ref\)/g, "false"],
    [/tmp = oldVNode\._component\._excess/g, "tmp = false"],
    [/r = r\._excess/g, "false"],
    [/if \(resumed\)/g, "if (false)"],
    [/if \(c\._renderCallbacks\.length\)/g, "if (false)"],
    [/for \(let i = 0; i < refQueue\.length; \)[\s\S]*?\n\t\}/g, ""],
    [/commitQueue\.some\(c => \{[\s\S]*?\n\t\}\);/g, ""],
    // What throws is the SDK's own error, and goes up to where that is told.
    [
      /\} catch \(e\) \{\s*\/\/ We remove any[\s\S]*?options\._catchError\(e, newVNode, oldVNode\);\n\t\t\}/g,
      "} finally {}",
    ],
    [/try \{(\s*)r\.componentWillUnmount\(\);\s*\} catch \(e\) \{\s*options.*\s*\}/g, ""],
    [/!isHydrating/g, "true"],
    [/if \(isHydrating\)/g, "if (false)"],
    [/if \(excessDomChildren\) (?=\{|exc)/g, "if (false) "],
    [/i == '(?:dangerouslySetInnerHTML|value|checked)'/g, "false"],
    [/if \((newHtml|oldHtml)\)/g, "if (false)"],
    [/inputValue (==|!=) (NULL|UNDEFINED)/g, "undefined $1 null"],
    [/checked != UNDEFINED/g, "false"],
    [/nodeType == '(?:template|textarea|progress|math|foreignObject)'/g, "false"],
    [/namespace == MATH_NAMESPACE/g, "false"],
  ],
};

/** The package's own build shortens its private names; so must this one. */
const shorten = (code) =>
  code.replace(/(?<=[.\s({,])_(\w)(\w*)/g, (_, first, rest) => `__${first}${rest.length}`);

export const fixedPreact = {
  name: "fixed-preact",
  resolveId: (id) => RESOLVED[id] ?? null,
  transform(code, id) {
    if (!id.startsWith(home)) return null;
    let text = code;
    for (const [from, to] of CONSTANTS[id.slice(home.length + 1)] ?? []) {
      if (text.search(from) < 0) this.error(`${id} has no ${from}: mend scripts/fixed-preact.mjs`);
      text = text.replace(from, to);
    }
    return { code: shorten(text), map: null };
  },
};
