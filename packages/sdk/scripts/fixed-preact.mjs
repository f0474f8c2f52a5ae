/**
 * Hints are drawn by functions without state: no classes, context, refs, portals, hydration, suspense, event handlers,
 * form fields or inner HTML, and no add-on hooks into Preact. A minifier cannot know that; here Preact's own source
 * is taken, what is never there is written in as a constant, and the minifier drops what only that would need
 * (more than half of Preact). The version is pinned, and a place that does not look as expected fails the build.
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
  "src/constants.js": [[/(MODE_HYDRATE|REF_DETACHED) = 1 << \d/g, "$1 = 0"]],
  "src/create-element.js": [[/options\.vnode/g, "false"]],
  "jsx-runtime/src/index.js": [
    [/'ref' in normalizedProps/g, "false"],
    [/__source \|\| __self/g, "false"],
    [/options\.vnode/g, "false"],
  ],
  "src/component.js": [
    // `setState` and `forceUpdate`, with the queue behind them.
    [/BaseComponent\.prototype\.(setState|forceUpdate) = function[\s\S]*?\n\};/g, ""],
    [/BaseComponent\.prototype\.render = Fragment;/g, ""],
    [/(?<=&& )!vnode\.props\._parentDom/g, "true"],
  ],
  "src/render.js": [
    [/options\._root/g, "false"],
    [/vnode && vnode\._flags & MODE_HYDRATE/g, "false"],
    [/parentDom\.nodeType == 9/g, "false"],
    // The layer is empty when the first hint is drawn into it.
    [/oldVNode\s*\? NULL\s*: parentDom\.firstChild[\s\S]*?: NULL,/g, "NULL,"],
    [/commitRoot\(.*\);/g, ""],
  ],
  "src/diff/props.js": [
    [/typeof (value|oldValue) == 'string'/g, "false"],
    [/name\[0\] == 'o' && name\[1\] == 'n'/g, "false"],
    [/name != '(?:list|form|download|rowSpan|colSpan|popover)' &&/g, ""],
    [/name == 'popover'|typeof value == 'function'/g, "false"],
    [/name = name\.replace\(\/xlink.*;/g, ""],
  ],
  "src/diff/children.js": [
    [/oldVNode\.ref != childVNode\.ref \|\| oldVNode\._flags & REF_DETACHED/g, "false"],
    [/parentVNode\.props\._parentDom/g, "false"],
    [/childVNode\.constructor === String/g, "false"],
    [/\|\|\s*typeof childVNode == 'function'/g, ""],
    // There are no comments between what is drawn.
    [/next && next\.nodeType == 8/g, "false"],
    [
      /while \(\s*\(oldDom = oldDom && oldDom\.nextSibling\) &&[\s\S]*?\n\t\);/g,
      "oldDom = oldDom && oldDom.nextSibling;",
    ],
    [/!isMounting && parentDom\.moveBefore && dom\.parentNode/g, "false"],
    // What has changed places is put in anew, as in Preact 10: no list of hints is so long that fewer moves would count.
    [/moved = 1;/g, "childVNode._flags |= INSERT_VNODE;"],
    [/if \(moved\)/g, "if (false)"],
  ],
  "src/diff/index.js": [
    [/if \(\(tmp = options\.(_diff|diffed)\)\) tmp\(newVNode\);/g, ""],
    [/options\.unmount/g, "false"],
    // A component is its function.
    [/let c,\s*oldProps,[\s\S]*?(?=const renderResult =)/g, "tmp = newType(newVNode.props);\n"],
    [/newProps\._parentDom|vnode\.props\._parentDom/g, "false"],
    [
      /if \(c\._renderCallbacks\.length\)|if \(c\._bits & COMPONENT_PROCESSING_EXCEPTION\)|if \(resumed\)/g,
      "if (false)",
    ],
    [/newVNode\._flags &= RESET_MODE;/g, ""],
    // What throws is the SDK's own error, and goes up to where that is told.
    [
      /\} catch \(e\) \{\s*\/\/ We remove any[\s\S]*?options\._catchError\(e, newVNode, oldVNode\);\n\t\t\}/g,
      "} finally {}",
    ],
    [/let oldCommitQueueLength = .*;/g, ""],
    [/oldVNode\._flags & MODE_SUSPENDED/g, "false"],
    [/\(r = vnode\.ref\)|\(r = vnode\._component\)/g, "false"],
    [/!isHydrating && excessDomChildren/g, "false"],
    [/!isHydrating/g, "true"],
    [/if \(isHydrating\)/g, "if (false)"],
    [/if \(excessDomChildren\)|if \(newHtml\)|if \(oldHtml\)/g, "if (false)"],
    [
      /excessDomChildren && slice\.call\(parentDom\.childNodes\)|excessDomChildren(?=\s*\? excessDomChildren\[0\])/g,
      "NULL",
    ],
    [/newProps\.is \? newProps : parentDom/g, "parentDom"],
    [/i == '(?:dangerouslySetInnerHTML|value|checked)'/g, "false"],
    [/i = '(?:value|checked)';/g, ""],
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
