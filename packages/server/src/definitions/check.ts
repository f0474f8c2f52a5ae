import {
  assertNever,
  type Config,
  type Problem,
  upgradeFlow,
  type ValidateOptions,
  type Validation,
  validateConfig,
  validateFeature,
  validateFlow,
  validateSegment,
  validateSettings,
} from "@cairn/flow-schema";
import type { DefinitionBodies, DefinitionKind, Definitions } from "../storage/storage.ts";
import { nulIn } from "./nul-in.ts";

type KnownIds = NonNullable<ValidateOptions["known"]>;

/** What a definition is called in problems: `flows/first-export`, `settings`. */
export function fileOf(kind: DefinitionKind, id: string): string {
  return kind === "settings" ? "settings" : `${kind}s/${id}`;
}

/**
 * Checks one definition, and that the features and segments it names exist. Flows that it names may come later, so
 * that two flows can name each other; publishing looks at those ({@link problemsOfConfig}).
 */
export function checkDefinition<Kind extends DefinitionKind>(
  kind: Kind,
  id: string,
  value: unknown,
  definitions: Definitions,
): Validation<DefinitionBodies[Kind]> {
  const known = { features: ids(definitions.features), segments: ids(definitions.segments) };
  const checked = validate(kind, kind === "flow" ? upgradeFlow(value) : value, fileOf(kind, id), known);
  if (!checked.ok) return checked;
  const nul = nulIn(checked.value);
  if (nul !== undefined) {
    const [file, message] = [fileOf(kind, id), "it holds the character NUL"];
    return {
      ok: false,
      problems: [{ file, path: nul, code: "not-allowed-value", message, fix: "leave it out" }],
    };
  }
  const { id: own } = checked.value as { id?: string };
  if (kind === "settings" || own === id) return checked as Validation<DefinitionBodies[Kind]>;
  const problem: Problem = {
    file: fileOf(kind, id),
    path: "/id",
    code: "bad-id",
    message: `the id is "${own}", but the address says "${id}"`,
    fix: `write "${id}", or send it to its own address`,
  };
  return { ok: false, problems: [problem] };
}

/** What is wrong with everything that would be published together; the files are named as in {@link fileOf}. */
export function problemsOfConfig(config: Config): readonly Problem[] {
  const checked = validateConfig(config);
  if (checked.ok) return [];
  return checked.problems.map((problem) => {
    const [, list, index, path] = /^\/(flows|features|segments)\/(\d+)(.*)$/.exec(problem.path) ?? [];
    if (list === undefined || path === undefined)
      return problem.path.startsWith("/settings")
        ? { ...problem, file: "settings", path: problem.path.slice("/settings".length) }
        : problem;
    const owner = config[list as "flows" | "features" | "segments"]?.[Number(index)];
    return { ...problem, file: `${list}/${owner?.id}`, path };
  });
}

/** Which definitions name this one, live or draft: those that would point at nothing without it. */
export function usersOf(
  definitions: Definitions,
  kind: Exclude<DefinitionKind, "settings">,
  id: string,
): readonly string[] {
  return usersOfAny(definitions, [{ kind, id }]);
}

/**
 * The same of several that go together, and are perhaps gone already. An archived flow holds the features and segments
 * that it names, without which its draft could not be written again, but no other flow: that may come later.
 */
export function usersOfAny(
  { drafts, live, features, segments, settings }: Definitions,
  gone: readonly { readonly kind: DefinitionKind; readonly id: string }[],
): readonly string[] {
  const names = new Set(gone.map(({ kind, id }) => fileOf(kind, id)));
  const goes = (kind: DefinitionKind, id: string) => names.has(fileOf(kind, id));
  const of = (kind: DefinitionKind) => gone.filter((one) => one.kind === kind).map(({ id }) => id);
  const all = {
    flows: [...new Set([...ids(drafts), ...live.map(({ flow }) => flow), ...of("flow")])],
    features: [...new Set([...ids(features), ...of("feature")])],
    segments: [...new Set([...ids(segments), ...of("segment")])],
  };
  const without = {
    flows: all.flows.filter((id) => !goes("flow", id)),
    features: all.features.filter((id) => !goes("feature", id)),
    segments: all.segments.filter((id) => !goes("segment", id)),
  };
  const dangling = (kind: DefinitionKind, body: unknown, known: KnownIds): number => {
    const checked = validate(kind, body, "", known);
    return checked.ok ? 0 : checked.problems.filter(({ code }) => code === "dangling-reference").length;
  };
  const candidates: readonly (readonly [DefinitionKind, string, unknown, KnownIds])[] = [
    ...drafts.map((row) => {
      const left = row.archivedAt === undefined ? without : { ...without, flows: all.flows };
      return ["flow", row.id, row.body, left] as const;
    }),
    ...live.map((row) => ["flow", row.flow, row.body, without] as const),
    ...features.map((row) => ["feature", row.id, row.body, without] as const),
    ...segments.map((row) => ["segment", row.id, row.body, without] as const),
    ...(settings === null ? [] : [["settings", "", settings.body, without] as const]),
  ];
  const users = candidates
    .filter(([kind, id]) => !goes(kind, id))
    .filter(([kind, , body, left]) => dangling(kind, body, left) > dangling(kind, body, all))
    .map(([kind, id]) => fileOf(kind, id));
  return [...new Set(users)];
}

function ids(rows: readonly { readonly id: string }[]): string[] {
  return rows.map(({ id }) => id);
}

function validate(
  kind: DefinitionKind,
  value: unknown,
  file: string,
  known: KnownIds,
): Validation<DefinitionBodies[DefinitionKind]> {
  switch (kind) {
    case "flow":
      return validateFlow(value, { file, known });
    case "feature":
      return validateFeature(value, { file, known });
    case "segment":
      return validateSegment(value, { file, known });
    case "settings":
      return validateSettings(value, { file, known });
    default:
      return assertNever(kind);
  }
}
