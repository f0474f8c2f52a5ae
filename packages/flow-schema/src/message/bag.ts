import { LIMITS } from "../bounds.ts";
import type { Flaw } from "./flaw.ts";

type Fields = { readonly [key: string]: unknown };

/**
 * No field, however deep, is called as JavaScript's own, and nothing lies more than 32 levels deep. Without recursion:
 * `JSON.parse` accepts 200,000 lists in each other. Flat maps, the usual case, cost one pass without a stack.
 */
export function checkBag(bag: Fields, field: string): Flaw | undefined {
  let stack: object[] | undefined;
  let depths: number[] | undefined;
  let current: object | undefined = bag;
  let depth = 1;
  while (current !== undefined) {
    const list: readonly unknown[] | undefined = Array.isArray(current) ? current : undefined;
    if (list === undefined) {
      for (const key in current) {
        if (key === "__proto__" || key === "constructor" || key === "prototype") {
          if (Object.hasOwn(current, key)) return forbiddenKey(field, key);
          continue;
        }
        const entry: unknown = (current as Fields)[key];
        if (typeof entry === "object" && entry !== null) push(entry);
      }
    } else {
      for (const entry of list) if (typeof entry === "object" && entry !== null) push(entry);
    }
    if (depth > LIMITS.depth) return tooDeep(field);
    current = stack?.pop();
    depth = depths?.pop() ?? 0;
  }
  return undefined;

  function push(entry: object): void {
    stack ??= [];
    depths ??= [];
    stack.push(entry);
    depths.push(depth + 1);
  }
}

const forbiddenKey = (field: string, key: string): Flaw => ({
  code: "forbidden-key",
  message: `a field of "${field}" is called "${key}"`,
  fix: "give the field another name",
});

const tooDeep = (field: string): Flaw => ({
  code: "too-deep",
  message: `"${field}" is more than ${LIMITS.depth} levels deep`,
  fix: "send flatter values",
});
