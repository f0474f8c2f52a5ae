import { canonicalText, type Difference, differencesOf } from "./canonical.ts";
import { type Definition, type Environment, type Kind, nameOf, type Scheduled } from "./environment.ts";
import { type Kept, keptOf } from "./kept.ts";

/** What has to be done to one definition. */
export interface Step {
  readonly name: string;
  readonly kind: Kind;
  readonly id: string;
  /** `restore` it from the archive, `write` the draft (or what takes effect at once), `publish` it, `delete` it. */
  readonly does: readonly ("restore" | "write" | "publish" | "delete")[];
  readonly isNew: boolean;
  /** A draft that is not live would be written over. */
  readonly overDraft: boolean;
  /** Version that is live now. */
  readonly live: number | null;
  /** From what people have now to what they would have. */
  readonly differences: readonly Difference[];
  readonly body: unknown;
  readonly etag: string | undefined;
}

export interface Plan {
  readonly environment: string;
  readonly steps: readonly Step[];
  /** On the server, not in the folder, and left alone. */
  readonly left: readonly string[];
  /** On the server, not in the folder, and not deleted because archived flows could not be without it. */
  readonly kept: readonly Kept[];
  /** What goes live later by itself, in place of what the folder says. */
  readonly scheduled: readonly Scheduled[];
}

export interface PlanOptions {
  /** Drafts are written, nothing is published. @default false */
  readonly draft?: boolean | undefined;
  /** What is not in the folder is deleted. @default false */
  readonly prune?: boolean | undefined;
}

/** What makes an environment what a folder says; nothing where it is that already. */
export function planOf(
  folder: ReadonlyMap<string, Definition>,
  { name: environment, definitions, archived, live, scheduled }: Environment,
  { draft = false, prune = false }: PlanOptions,
): Plan {
  const steps: Step[] = [];
  for (const [name, { kind, id, body }] of folder) {
    const away = archived.get(name);
    const there = definitions.get(name) ?? away;
    const published = kind === "flow" ? live.get(id) : undefined;
    const does: Step["does"][number][] = [];
    if (away !== undefined) does.push("restore");
    if (there === undefined || !isSame(there.body, body)) does.push("write");
    if (kind === "flow" && !draft && (published === undefined || !isSame(published.body, body)))
      does.push("publish");
    if (does.length === 0) continue;
    const now = does.includes("publish") ? published?.body : there?.body;
    // Of what is archived nothing is live, and the step says so.
    const isDraft =
      kind === "flow" && there !== undefined && away === undefined && !isSame(there.body, published?.body);
    steps.push({
      name,
      kind,
      id,
      does,
      isNew: there === undefined,
      overDraft: isDraft && does.includes("write"),
      live: published?.version ?? null,
      differences: now === undefined ? [] : differencesOf(now, body),
      body,
      etag: there?.etag,
    });
  }
  const extra = [...definitions.values()].filter(({ kind, id }) => !folder.has(nameOf(kind, id)));
  const put = [...archived.values()].filter(({ kind, id }) => !folder.has(nameOf(kind, id)));
  const kept = prune ? keptOf(extra, put) : [];
  const gone = extra.filter(({ kind, id }) => !kept.some(({ name }) => name === nameOf(kind, id)));
  for (const { kind, id, body, etag } of prune ? gone : [])
    steps.push({
      name: nameOf(kind, id),
      kind,
      id,
      does: ["delete"],
      isNew: false,
      overDraft: false,
      live: kind === "flow" ? (live.get(id)?.version ?? null) : null,
      differences: [],
      body,
      etag,
    });
  const left = prune ? [] : extra.map(({ kind, id }) => nameOf(kind, id));
  return { environment, steps, left, kept, scheduled };
}

/** The same bytes: the order of the fields counts, since a pull would change it. */
export const isSame = (a: unknown, b: unknown) => canonicalText(a) === canonicalText(b);

/** Most differences that are told of one definition. */
const MAX_TOLD = 12;

/** A plan for people; `versions`: those that the server says it would publish. */
export function planText(
  { environment, steps, left, kept, scheduled }: Plan,
  versions: readonly { readonly id: string; readonly version: number }[] = [],
): string {
  const lines: string[] = [];
  for (const { name, id, does, isNew, overDraft, live, differences } of steps) {
    const sign = does.includes("delete") ? "-" : isNew ? "+" : "~";
    const next = versions.find((one) => one.id === id)?.version;
    const first = next === undefined || next === 1 ? ", first version" : `, as version ${next}`;
    const version = does.includes("publish") ? (live === null ? first : `, in place of version ${live}`) : "";
    const over = overDraft ? ", over a draft that is not live" : "";
    lines.push(`${sign} ${name}: ${listed(does)}${version}${over}`);
    for (const { path, from, to } of differences.slice(0, MAX_TOLD))
      lines.push(`    ${path === "" ? "(all)" : path}: ${short(from)} → ${short(to)}`);
    if (differences.length > MAX_TOLD) lines.push(`    … and ${differences.length - MAX_TOLD} more`);
  }
  if (left.length > 0) lines.push(`Not in the folder, left alone (--prune deletes): ${left.join(", ")}`);
  for (const { name, usedBy } of kept)
    lines.push(`Not in the folder, kept: ${name}, which ${usedBy.join(", ")} could not be without.`);
  for (const { at, flows } of scheduled) {
    const names = flows.map((id) => nameOf("flow", id));
    lines.push(`Planned for ${at}, as it was when that was said: ${names.join(", ")}`);
  }
  lines.push(
    steps.length === 0
      ? `${environment} is what the folder says.`
      : `${environment}: ${steps.length} to change.`,
  );
  return `${lines.join("\n")}\n`;
}

/** `restore, write and publish` */
const listed = (words: readonly string[]) =>
  words.length < 2 ? words.join() : `${words.slice(0, -1).join(", ")} and ${words.at(-1)}`;

function short(value: unknown): string {
  const text = value === undefined ? "nothing" : JSON.stringify(value);
  return text.length > 80 ? `${text.slice(0, 79)}…` : text;
}
