import { type DescribeLanguage, describe } from "@cairn/engine/describe";
import type { ValidateOptions, Validation } from "@cairn/flow-schema";
import { validateFeature, validateFlow, validateSegment } from "@cairn/flow-schema";
import { filesOf, problemLine } from "../definitions.ts";
import { failure } from "../failure.ts";
import { readJsonFile } from "../json-file.ts";
import { createOutput, type Terminal } from "../terminal.ts";

export interface DescribeOptions {
  readonly paths: readonly string[];
  readonly lang: DescribeLanguage;
  readonly features?: string;
  readonly segments?: string;
  readonly json?: boolean;
}

/** `cairn describe`: reads flows back, each as one plain sentence. */
export async function describeFlows(options: DescribeOptions, { stdout }: Terminal): Promise<0> {
  const named = <T>(path: string | undefined, validate: Validate<T>) =>
    path === undefined ? [] : filesOf(path).map((file) => readValid(file, validate));
  const flows = options.paths.flatMap(filesOf).map((file) => ({ file, flow: readValid(file, validateFlow) }));
  if (flows.length === 0) throw failure(`${options.paths.join(", ")}: there is no .json file there`);
  const names = {
    features: named(options.features, validateFeature),
    segments: named(options.segments, validateSegment),
    flows: flows.map(({ flow }) => flow),
  };
  const said = flows.map(({ file, flow }) => ({
    flow: flow.id,
    file,
    text: describe(flow, options.lang, names),
  }));
  const output = createOutput(stdout);
  if (options.json) output.write(`${JSON.stringify(said, null, 2)}\n`);
  else output.write(said.map(({ flow, text }) => `${flow}\n  ${text}\n`).join("\n"));
  await output.flush();
  return 0;
}

type Validate<T> = (value: unknown, options: ValidateOptions) => Validation<T>;

/** One definition out of a file; a failure that names each problem where it is none. */
function readValid<T>(file: string, validate: Validate<T>): T {
  const read = readJsonFile(file);
  if (read.problem) throw failure(problemLine(read.problem));
  const found = validate(read.value, { file });
  if (!found.ok)
    throw failure(...found.problems.map((one) => problemLine({ ...one, ...read.placeOf(one.path) })));
  return found.value;
}
