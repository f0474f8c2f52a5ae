import type { Guard, Suite } from "./guard.ts";

export interface Shown {
  readonly suite: Suite;
  readonly tests: number;
  readonly cases: number;
  readonly guards: readonly { readonly guard: Guard; readonly red: readonly string[] }[];
}

const code = (text: string) => {
  const line = text
    .trim()
    .replace(/\s*\n\s*/g, " ")
    .replaceAll("|", "\\|");
  return line.includes("`") ? `\`\` ${line} \`\`` : `\`${line}\``;
};
const cell = (text: string) => text.replaceAll("|", "\\|").replaceAll("<", "&lt;");
const MOST = 1;
const redCell = (red: readonly string[]) =>
  [...red.slice(0, MOST).map(cell), ...(red.length > MOST ? [`and ${red.length - MOST} more`] : [])].join(
    "; ",
  );

const rowOf = ({ name, file, out, put }: Guard, red: readonly string[]): string =>
  `| ${startOf(name)}${file.replace("packages/", "")} | ${code(out)} | ${put.trim() ? code(put) : "nothing"} | ${redCell(red)} |`;
const startOf = (name: string) => `${cell(name)}<br>`;
const titleOf = ({ name }: Suite): string => `## ${cell(name)}`;

/** The section of a suite: rows of the guards that were taken out now, and of the others those that stood there before. */
function sectionOf({ suite, tests, cases, guards }: Shown, before: string): string {
  const old = before.split("\n");
  const rows = suite.guards.flatMap((guard) => {
    const now = guards.find((one) => one.guard === guard);
    if (now) return now.red.length ? rowOf(guard, now.red) : [];
    return old.find((line) => line.startsWith(`| ${startOf(guard.name)}`)) ?? [];
  });
  return [
    titleOf(suite),
    "",
    `${tests} tests, ${cases} cases, green.`,
    "",
    "| guard | taken out | in its place | red |",
    "|---|---|---|---|",
    ...rows,
    "",
  ].join("\n");
}

/** The page docs/guards.md: what was shown of one suite now, and of the others what stood there before. */
export function writePage(suites: readonly Suite[], shown: Shown, before: string): string {
  const old = new Map(
    before
      .split(/^(?=## )/m)
      .slice(1)
      .map((section) => [section.split("\n")[0] ?? "", `${section.trim()}\n`]),
  );
  const title = titleOf(shown.suite);
  old.set(title, sectionOf(shown, old.get(title) ?? ""));
  const sections = suites.flatMap((suite) => old.get(titleOf(suite)) ?? []);
  const count = suites.reduce((sum, { guards }) => sum + guards.length, 0);
  return `# Guards: what each suite would miss

What keeps the SDK from hurting a page, or from losing an event, is a line somewhere. A suite that stays green without that line shows nothing. So each line below was taken out, alone, in a copy of the repository, and its suite was run: it went red. ${suites.length} suites, ${count} guards.

Made by \`pnpm --filter @cairn/sdk run guards --write\`; \`pnpm soak\` runs it, too. With a part of the name of a suite or guard behind it, only that is run and written anew. The list stands in \`packages/sdk/test/guards\`; \`npm test\` checks that each text still stands exactly once where the list says so, and that this page names it. Most suites run in their short form. "Cases" is what a suite says that it has tried, or the number of its tests; "red" are the first that failed, and browser suites stop at the first.

${sections.join("\n")}`;
}
