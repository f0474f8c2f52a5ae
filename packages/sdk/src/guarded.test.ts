import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import { expect, it } from "vitest";

/** Where code runs because the page, a timer or a promise calls it. */
const PLACES = ["ui", "dom", "signals", "preview", "screen.ts", "host-acts.ts"];
/** What needs no guard, and why. */
const ALLOWED = new Map([
  ["dom/browser-clock.ts setTimeout(", "each callback is guarded where the client wraps this clock"],
  ["ui/modal-focus.ts dialog.onclose =", "calls nothing but `closed`, which comes guarded"],
  ["ui/part.ts .then(", "ends in `settled`, which comes guarded"],
  ["preview/create-preview.ts .then(", "writes: whoever asked for them is told, and looks"],
  ["screen.ts .then(", "a value: `withSignals` catches what fails"],
  ["ui/strings/strings.ts .then(", "a value: both ways out are answered, and neither can throw"],
  ["host-acts.ts .then(", "copy() never rejects; what it leads to only loads, and catches what fails"],
]);
/** What calls its argument by itself later. */
const CALLERS = /^(addEventListener|setTimeout|setInterval|requestAnimationFrame|requestIdleCallback)$/;

const root = import.meta.dirname;
const files = PLACES.flatMap((place) =>
  place.endsWith(".ts")
    ? [place]
    : readdirSync(join(root, place), { recursive: true, encoding: "utf8" }).map((name) => `${place}/${name}`),
).filter((name) => /\.tsx?$/.test(name) && !name.includes(".test."));

const nameOf = (callee: ts.Expression) =>
  ts.isPropertyAccessExpression(callee) ? callee.name.text : ts.isIdentifier(callee) ? callee.text : "";
const isGuarded = (one: ts.Expression | undefined) =>
  !!one && ts.isCallExpression(one) && nameOf(one.expression) === "guard";
/** Whether the chain that this call is a link of ends in a `catch`. */
function isCaught(call: ts.Node): boolean {
  const { parent } = call;
  if (!ts.isPropertyAccessExpression(parent) || parent.expression !== call) return false;
  return parent.name.text === "catch" || isCaught(parent.parent);
}

/** Callbacks in this source that nothing stands around. */
function unguarded(file: string, text: string): string[] {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  const found: string[] = [];
  const look = (node: ts.Node): void => {
    if (ts.isNewExpression(node) && /Observer$/.test(nameOf(node.expression))) {
      if (!isGuarded(node.arguments?.[0])) found.push(`${file} new ${nameOf(node.expression)}(`);
    } else if (ts.isCallExpression(node)) {
      const name = nameOf(node.expression);
      if (CALLERS.test(name)) found.push(`${file} ${name}(`);
      if (name === "autoUpdate" && !isGuarded(node.arguments[2])) found.push(`${file} autoUpdate(`);
      if (name === "then" && !isGuarded(node.arguments[0]) && !isCaught(node)) found.push(`${file} .then(`);
    } else if (
      ts.isBinaryExpression(node) &&
      node.operatorToken.kind === ts.SyntaxKind.EqualsToken &&
      ts.isPropertyAccessExpression(node.left) &&
      /^on[a-z]+$/.test(node.left.name.text) &&
      !isGuarded(node.right)
    )
      found.push(`${file} ${node.left.getText(source)} =`);
    ts.forEachChild(node, look);
  };
  look(source);
  return found;
}

it("stands around every callback of the page's in what draws and what watches", () => {
  const found = files.flatMap((file) => unguarded(file, readFileSync(join(root, file), "utf8")));
  expect(found.sort()).toEqual([...ALLOWED.keys()].sort());
  expect(files.length).toBeGreaterThan(60);
});

it("tells a callback that nothing stands around from one that is guarded", () => {
  const raw = `a.addEventListener("x", f); new IntersectionObserver(f); new view.MutationObserver(() => f());
    p.then(f); void p.then(f, g); p.then(f).then(g); x.onload = () => f(); setTimeout(f); autoUpdate(a, b, f);`;
  expect(unguarded("x", raw)).toHaveLength(10);
  const safe = `listen(a, "x", f); new IntersectionObserver(guard(f)); new view.MutationObserver(guard(() => f()));
    p.then(guard(f)); p.then(f).catch(g); p.then(f).then(g).catch(h); x.onload = guard(f); autoUpdate(a, b, guard(f));`;
  expect(unguarded("x", safe)).toEqual([]);
});
