/**
 * `autoUpdate` of @floating-ui/dom is called without options (src/ui/follow-target.ts). A minifier cannot know that;
 * with the defaults written in as constants it drops what only other options need (half a kilobyte or so).
 * The version is pinned, and a file that does not look as expected fails the build.
 */
const OPTIONS =
  /if \(options === void 0\) \{\s*options = \{\};\s*\}\s*const \{\s*ancestorScroll = true,\s*ancestorResize = true,\s*elementResize = typeof ResizeObserver === 'function',\s*layoutShift = typeof IntersectionObserver === 'function',\s*animationFrame = false\s*\} = options;/;
const DEFAULTS =
  "const ancestorScroll = true, ancestorResize = true, elementResize = true, layoutShift = true, animationFrame = false;";
/** There is always a window where a hint is drawn. */
const HAS_WINDOW = /function hasWindow\(\) \{\s*return typeof window !== 'undefined';\s*\}/;

export const fixedAutoUpdate = {
  name: "fixed-auto-update",
  transform(code, id) {
    const [text, constant] = /floating-ui\.dom\.mjs$/.test(id)
      ? [OPTIONS, DEFAULTS]
      : /floating-ui\.utils\.dom\.mjs$/.test(id)
        ? [HAS_WINDOW, "function hasWindow() { return true; }"]
        : [];
    if (text === undefined) return null;
    if (!text.test(code)) this.error(`${id} has changed: mend scripts/fixed-auto-update.mjs`);
    return { code: code.replace(text, constant), map: null };
  },
};
