import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { ROOT } from "./copy.ts";
import { SUITES } from "./suites.ts";

/** The list must not rot between the runs that take guards out, which take minutes. */
const guards = SUITES.flatMap((suite) => suite.guards.map((guard) => ({ suite, guard })));
const read = (file: string) => readFileSync(join(ROOT, file), "utf8");

it.each(guards)("$guard.name: $guard.file has its text once", ({ guard: { file, out, put } }) => {
  expect(read(file).split(out)).toHaveLength(2);
  expect(put).not.toBe(out);
});

it("names only tests that are there", () => {
  const files = SUITES.flatMap(({ tests, guards }) => [...tests, ...guards.flatMap(({ red }) => red ?? [])]);
  for (const file of new Set(files.flatMap((one) => one.files))) expect(read(file)).toContain("expect(");
});

it("takes for red only what is run green, too", () => {
  for (const { suite, guard } of guards)
    expect(suite.tests.flatMap(({ files }) => files)).toEqual(
      expect.arrayContaining([...(guard.red?.files ?? [])]),
    );
});

it("is what docs/guards.md says", () => {
  const page = read("docs/guards.md");
  const cell = (text: string) => text.replaceAll("<", "&lt;").replaceAll("|", "\\|");
  const wanted = [
    ...SUITES.map(({ name }) => `\n## ${cell(name)}\n`),
    ...guards.map(({ guard }) => `\n| ${cell(guard.name)}<br>`),
  ];
  expect(wanted.filter((one) => !page.includes(one))).toEqual([]);
  expect(page).toContain(` ${SUITES.length} suites, ${guards.length} guards.`);
  expect(page.split("<br>")).toHaveLength(guards.length + 1);
  expect(guards.length).toBeGreaterThanOrEqual(100);
});
