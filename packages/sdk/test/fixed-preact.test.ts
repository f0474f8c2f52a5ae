// @vitest-environment happy-dom
import { runInThisContext } from "node:vm";
import { nodeResolve } from "@rollup/plugin-node-resolve";
import fc from "fast-check";
import * as preact from "preact";
import * as runtime from "preact/jsx-runtime";
import { rollup } from "rollup";
import { beforeAll, describe, expect, it } from "vitest";
// @ts-expect-error: a plain script of the build
import { fixedPreact } from "../scripts/fixed-preact.mjs";

type Preact = Pick<typeof preact, "render"> & Pick<typeof runtime, "jsx" | "Fragment">;
let fixed: Preact;
const whole: Preact = { render: preact.render, jsx: runtime.jsx, Fragment: runtime.Fragment };

beforeAll(async () => {
  const entry = {
    name: "entry",
    resolveId: (id: string) => (id === "entry" ? id : null),
    load: (id: string) =>
      id === "entry"
        ? 'export { render } from "preact"; export { jsx, Fragment } from "preact/jsx-runtime";'
        : null,
  };
  const bundle = await rollup({
    input: "entry",
    plugins: [entry, fixedPreact, nodeResolve()],
    onwarn: () => {},
  });
  const { output } = await bundle.generate({ format: "iife", name: "fixed" });
  fixed = runInThisContext(`${output[0].code};fixed`) as Preact;
});

/** A tree that either of the two can be given. */
type Tree =
  | string
  | number
  | boolean
  | null
  | { kind: "list"; items: Tree[] }
  | { kind: "node"; type: string; key: string | undefined; props: object; children: Tree[] };

const attributes = fc.record(
  {
    class: fc.constantFrom("a", "b c"),
    "aria-label": fc.constantFrom("x", "y"),
    "aria-expanded": fc.boolean(),
    "data-run": fc.constantFrom("1", undefined),
    tabIndex: fc.constantFrom(-1, 0),
    role: fc.constantFrom("status", undefined, null),
    style: fc.record(
      { "--c-text": fc.constantFrom("red", "blue"), width: fc.constantFrom("1px", "2px") },
      { requiredKeys: [] },
    ),
  },
  { requiredKeys: [] },
);
const { tree } = fc.letrec<{ tree: Tree }>((tie) => ({
  tree: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    fc.constantFrom("one", "two", 3, true, false, null),
    fc.record({ kind: fc.constant("list" as const), items: fc.array(tie("tree"), { maxLength: 3 }) }),
    fc.record({
      kind: fc.constant("node" as const),
      type: fc.constantFrom("div", "p", "span", "Part", "svg"),
      key: fc.constantFrom(undefined, undefined, "k", "l", "m"),
      props: attributes,
      children: fc.array(tie("tree"), { maxLength: 4 }),
    }),
  ),
}));

/** Keys stand once among siblings, as they do in real components; the parts of a list have none. */
function build(one: Tree, by: Preact): unknown {
  if (one === null || typeof one !== "object") return one;
  const used = new Set<string>();
  const children = (one.kind === "list" ? one.items : one.children).map((child) => {
    const built = build(child, by) as { key?: string } | null;
    const key = typeof child === "object" && child?.kind === "node" ? child.key : undefined;
    if (key === undefined) return built;
    if (used.has(key)) return null;
    used.add(key);
    return built;
  });
  if (one.kind === "list") return by.jsx(by.Fragment as never, { children } as never);
  const part = ({ children }: { children: unknown }) => children;
  return by.jsx(
    (one.type === "Part" ? part : one.type) as never,
    { ...(one.type === "Part" ? {} : one.props), children } as never,
    one.key,
  );
}

/** A copy in which the order of a style's declarations, which says nothing, is always the same. */
function sorted(tree: Element): Element {
  const copy = tree.cloneNode(true) as Element;
  for (const element of copy.querySelectorAll("[style]")) {
    const declarations = (element.getAttribute("style") ?? "").split(";").map((one) => one.trim());
    element.setAttribute("style", declarations.filter(Boolean).sort().join(";"));
  }
  return copy;
}

describe("Preact with what hints never use written in", () => {
  it("draws what Preact draws, first and anew", () => {
    let drawings = 0;
    fc.assert(
      fc.property(fc.array(tree, { minLength: 1, maxLength: 4 }), (trees) => {
        const [mine, preacts] = [document.createElement("div"), document.createElement("div")];
        for (const one of trees) {
          fixed.render(build(one, fixed) as never, mine);
          whole.render(build(one, whole) as never, preacts);
          expect(sorted(mine).isEqualNode(sorted(preacts)), `${mine.innerHTML}, ${preacts.innerHTML}`).toBe(
            true,
          );
          drawings++;
        }
      }),
      { numRuns: 2_000 },
    );
    expect(drawings).toBeGreaterThan(2_000);
  });

  it("keeps the element of a key, and moves nothing that stays in order", () => {
    const keys = fc.uniqueArray(fc.constantFrom("a", "b", "c", "d", "e"), { minLength: 1 });
    const Part = (props: object) => fixed.jsx("p", props);
    const list = (names: string[]) =>
      names.map((name) => fixed.jsx(Part as never, { children: name } as never, name)) as never;
    fc.assert(
      fc.property(keys, keys, (before, after) => {
        const parent = document.createElement("div");
        fixed.render(list(before), parent);
        const old = new Map([...parent.children].map((element) => [element.textContent, element]));
        fixed.render(list(after), parent);
        expect([...parent.children].map((element) => element.textContent)).toEqual(after);
        for (const element of parent.children)
          if (old.has(element.textContent)) expect(element).toBe(old.get(element.textContent));
      }),
    );
  });

  it("does not touch what stays when something before it goes or comes", () => {
    const parent = document.createElement("div");
    const draw = (...names: string[]) =>
      fixed.render(names.map((name) => fixed.jsx("p", { children: name }, name)) as never, parent);
    draw("a", "b");
    const { insertBefore } = parent;
    const moved: unknown[] = [];
    parent.insertBefore = function (this: Element, node: never, next: never) {
      moved.push((node as Node).textContent);
      return insertBefore.call(this, node, next) as never;
    };
    draw("b");
    draw("c", "b");
    expect(moved).toEqual(["c"]);
  });

  it("sets and takes off what is true or false", () => {
    const parent = document.createElement("div");
    fixed.render(fixed.jsx("div", { hidden: true }), parent);
    expect((parent.firstElementChild as HTMLElement).hidden).toBe(true);
    fixed.render(fixed.jsx("div", { hidden: false }), parent);
    expect((parent.firstElementChild as HTMLElement).hidden).toBe(false);
  });
});
