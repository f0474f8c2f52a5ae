import { type Run, report } from "../run.ts";
import type { Target } from "../target.ts";
import { quote } from "../wording.ts";

export function checkTarget(value: unknown, path: string, run: Run): void {
  const { anchor, fallback } = value as Target;
  if (anchor === undefined && fallback === undefined)
    report(
      run,
      path,
      "missing-field",
      'a target has neither "anchor" nor "fallback"',
      'add "anchor": the value of the element\'s data-cairn attribute',
    );
}

/** `:has` makes the browser look through the whole page again after each change. */
export function checkSelector(value: unknown, path: string, run: Run): void {
  const selector = value as string;
  if (selector.trim() === "")
    report(
      run,
      path,
      "bad-selector",
      "the selector is empty",
      'write a CSS selector such as "[data-testid=export]"',
    );
  // CSS reads \h as h in a name, and its escapes by number too.
  else if (/:\s*has\b/i.test(unescapeCss(selector)))
    report(
      run,
      path,
      "bad-selector",
      `${quote(selector)} uses :has, which is too slow`,
      "name the element itself, best by an anchor",
    );
  // Matching takes time by the page's depth to that power.
  else if (/\([^)]*\([^)]*\(/.test(selector))
    report(
      run,
      path,
      "bad-selector",
      `${quote(selector)} nests brackets three deep, which is too slow`,
      "name the element itself, best by an anchor",
    );
}

function unescapeCss(selector: string): string {
  return selector.replace(
    /\\(?:([0-9a-f]{1,6})\s?|(.))/giu,
    (_, code: string | undefined, letter: string | undefined) => {
      const point = code === undefined ? 0 : Number.parseInt(code, 16);
      return code === undefined ? (letter ?? "") : point <= 0x10ffff ? String.fromCodePoint(point) : "\ufffd";
    },
  );
}
