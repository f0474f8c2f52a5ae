import { canonicalText, type Difference, differencesOf } from "./canonical.ts";
import type { Definition, Environment, Kind } from "./environment.ts";

/** What has to be done to one definition. */
export interface Step {
  readonly name: string;
  readonly kind: Kind;
  readonly id: string;
  /** `write` the draft (or what takes effect at once), `publish` it, `delete` it. */
  readonly does: readonly ("write" | "publish" | "delete")[];
  readonly isNew: boolean;
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
  { name: environment, definitions, live }: Environment,
  { draft = false, prune = false }: PlanOptions,
): Plan {
  const steps: Step[] = [];
  for (const [name, { kind, id, body }] of folder) {
    const there = definitions.get(name);
    const published = kind === "flow" ? live.get(id) : undefined;
    const does: Step["does"][number][] = [];
    if (there === undefined || !isSame(there.body, body)) does.push("write");
    if (kind === "flow" && !draft && (published === undefined || !isSame(published.body, body)))
      does.push("publish");
    if (does.length === 0) continue;
    const now = kind === "flow" && !draft ? published?.body : there?.body;
    steps.push({
      name,
      kind,
      id,
      does,
      isNew: there === undefined,
      live: published?.version ?? null,
      differences: now === undefined ? [] : differencesOf(now, body),
      body,
      etag: there?.etag,
    });
  }
  const extra = [...definitions.values()].filter(
    ({ kind, id }) => !folder.has(kind === "settings" ? "settings" : `${kind}s/${id}`),
  );
  for (const { kind, id, body, etag } of prune ? extra : [])
    steps.push({
      name: kind === "settings" ? "settings" : `${kind}s/${id}`,
      kind,
      id,
      does: ["delete"],
      isNew: false,
      live: kind === "flow" ? (live.get(id)?.version ?? null) : null,
      differences: [],
      body,
      etag,
    });
  const left = prune
    ? []
    : extra.map(({ kind, id }) => (kind === "settings" ? "settings" : `${kind}s/${id}`));
  return { environment, steps, left };
}

/** The same bytes: the order of the fields counts, since a pull would change it. */
const isSame = (a: unknown, b: unknown) => canonicalText(a) === canonicalText(b);

/** Most differences that are told of one definition. */
const MAX_TOLD = 12;

export function planText({ environment, steps, left }: Plan): string {
  const lines: string[] = [];
  for (const { name, does, isNew, live, differences } of steps) {
    const sign = does.includes("delete") ? "-" : isNew ? "+" : "~";
    const version = does.includes("publish")
      ? live === null
        ? ", first version"
        : `, in place of version ${live}`
      : "";
    lines.push(`${sign} ${name}: ${does.join(" and ")}${version}`);
    for (const { path, from, to } of differences.slice(0, MAX_TOLD))
      lines.push(`    ${path === "" ? "(all)" : path}: ${short(from)} → ${short(to)}`);
    if (differences.length > MAX_TOLD) lines.push(`    … and ${differences.length - MAX_TOLD} more`);
  }
  if (left.length > 0) lines.push(`Not in the folder, left alone (--prune deletes): ${left.join(", ")}`);
  lines.push(
    steps.length === 0
      ? `${environment} is what the folder says.`
      : `${environment}: ${steps.length} to change.`,
  );
  return `${lines.join("\n")}\n`;
}

function short(value: unknown): string {
  const text = value === undefined ? "nothing" : JSON.stringify(value);
  return text.length > 80 ? `${text.slice(0, 79)}…` : text;
}
