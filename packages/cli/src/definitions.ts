import { readdirSync } from "node:fs";
import { join } from "node:path";
import {
  type Config,
  type Feature,
  type Flow,
  type Problem,
  type Segment,
  type Settings,
  validateConfig,
  validateFeature,
  validateFlow,
  validateSegment,
  validateSettings,
} from "@cairn/flow-schema";
import { failure, unreadable } from "./failure.ts";
import { type JsonFile, type Place, readJsonFile } from "./json-file.ts";

/** Where definitions lie, as the options name it. */
export interface DefinitionPaths {
  readonly flows: string;
  readonly features?: string | undefined;
  readonly segments?: string | undefined;
  readonly settings?: string | undefined;
}

/** The same, where there may be no flows. */
interface Paths extends Omit<DefinitionPaths, "flows"> {
  readonly flows: string | undefined;
}

export type PlacedProblem = Problem & Place;

/** Definitions as read from files; `config` holds nothing where there are problems. */
export interface Definitions {
  readonly config: Config;
  readonly problems: readonly PlacedProblem[];
  /** How many files were read. */
  readonly files: number;
  /** The file of each definition, by id. */
  readonly sources: {
    readonly flows: { readonly [id: string]: string };
    readonly features: { readonly [id: string]: string };
    readonly segments: { readonly [id: string]: string };
    readonly settings?: string;
  };
  /** Where in a file a JSON Pointer leads. */
  placeOf(file: string, pointer: string): Place;
}

const START: Place = { line: 1, column: 1 };

/** All `.json` files of a folder, in order of their names, but for schemas that lie beside; a path to one file is that file. */
export function filesOf(path: string): readonly string[] {
  if (path.endsWith(".json")) return [path];
  let names: readonly string[];
  try {
    names = readdirSync(path);
  } catch (thrown) {
    throw unreadable(path, thrown);
  }
  return names
    .filter((name) => name.endsWith(".json") && !name.endsWith(".schema.json"))
    .sort()
    .map((name) => join(path, name));
}

/** Reads and checks definitions: each by itself, then all together. */
export function readDefinitions(paths: Paths): Definitions {
  const read = (path: string | undefined) => (path === undefined ? [] : filesOf(path).map(readJsonFile));
  const flows = read(paths.flows);
  if (paths.flows !== undefined && flows.length === 0)
    throw failure(`${paths.flows}: there is no .json file in this folder`);
  const features = read(paths.features);
  const segments = read(paths.segments);
  const settings = paths.settings === undefined ? undefined : readJsonFile(paths.settings);
  const all = [...flows, ...features, ...segments, ...(settings ? [settings] : [])];

  const known = { flows: idsOf(flows), features: idsOf(features), segments: idsOf(segments) };
  const problems: PlacedProblem[] = [];
  const check = (
    files: readonly JsonFile[],
    validate: typeof validateFlow | typeof validateFeature | Other,
  ) => {
    for (const one of files) {
      if (one.problem) problems.push(one.problem);
      else {
        const found = validate(one.value, { file: one.file, known });
        if (!found.ok) for (const problem of found.problems) problems.push(place(problem, one));
      }
    }
  };
  check(flows, validateFlow);
  check(features, validateFeature);
  check(segments, validateSegment);
  if (settings) check([settings], validateSettings);

  const config = {
    schemaVersion: 1,
    flows: flows.map(({ value }) => value as Flow),
    features: features.map(({ value }) => value as Feature),
    segments: segments.map(({ value }) => value as Segment),
    ...(settings && { settings: settings.value as Settings }),
  } as const;
  if (problems.length === 0) {
    const found = validateConfig(config);
    if (!found.ok)
      for (const problem of found.problems)
        problems.push(inItsFile(problem, { flows, features, segments, settings }));
  }
  return {
    config: problems.length === 0 ? config : { schemaVersion: 1, flows: [] },
    problems,
    files: all.length,
    sources: {
      flows: byId(flows),
      features: byId(features),
      segments: byId(segments),
      ...(settings && { settings: settings.file }),
    },
    placeOf: (file, pointer) => all.find((one) => one.file === file)?.placeOf(pointer) ?? START,
  };
}

type Other = typeof validateSegment | typeof validateSettings;
type Files = {
  readonly flows: readonly JsonFile[];
  readonly features: readonly JsonFile[];
  readonly segments: readonly JsonFile[];
  readonly settings: JsonFile | undefined;
};

const place = (problem: Problem, file: JsonFile): PlacedProblem => ({
  ...problem,
  file: file.file,
  ...file.placeOf(problem.path),
});

/** A problem of the whole, told of the file that it lies in. */
function inItsFile(problem: Problem, files: Files): PlacedProblem {
  const [, list = "", index = "", rest = ""] = /^\/(\w+)(?:\/(\d+))?(.*)$/.exec(problem.path) ?? [];
  const listed = list === "settings" ? [] : (files[list as "flows" | "features" | "segments"] ?? []);
  const file = list === "settings" ? files.settings : listed[Number(index)];
  if (file) {
    // In a folder there is no list to count in.
    const first = listed.find((one) => idOf(one) === idOf(file))?.file;
    const message = problem.message.replace(/by entry \d+ of the list$/, `by ${first}`);
    return place({ ...problem, message, path: rest }, file);
  }
  return { ...problem, file: files.flows[0]?.file ?? problem.file, ...START };
}

const idOf = ({ value }: JsonFile): string | undefined => {
  const { id } = (typeof value === "object" && value !== null ? value : {}) as { readonly id?: unknown };
  return typeof id === "string" ? id : undefined;
};
const idsOf = (files: readonly JsonFile[]) => files.flatMap((file) => idOf(file) ?? []);
const byId = (files: readonly JsonFile[]) =>
  Object.fromEntries(
    files.flatMap((file) => (idOf(file) === undefined ? [] : [[`${idOf(file)}`, file.file]])),
  );

/** One line for people. */
export const problemLine = ({ file, line, column, path, message, fix }: PlacedProblem): string =>
  `${file}:${line}:${column} ${path === "" ? "" : `${path}: `}${message}; ${fix}`;

/** The definitions, where all of them are valid; a failure that names each problem where they are not. */
export function validDefinitions(paths: Paths): Definitions {
  const found = readDefinitions(paths);
  if (found.problems.length === 0) return found;
  const dangling = found.problems.some(({ code }) => code === "dangling-reference");
  const left = [...(paths.features ? [] : ["--features"]), ...(paths.segments ? [] : ["--segments"])];
  throw failure(
    ...found.problems.map(problemLine),
    ...(dangling && left.length > 0 ? [`(No ${left.join(" and no ")} was given.)`] : []),
  );
}
