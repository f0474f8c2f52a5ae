import { type DescribeLanguage, describe } from "@cairn/engine/describe";
import type { Feature, Flow, Segment } from "@cairn/flow-schema";
import { validateFlow } from "@cairn/flow-schema";
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
  const named = <T>(path: string | undefined) =>
    path === undefined ? [] : filesOf(path).map((file) => readJsonFile(file).value as T);
  const flows = options.paths.flatMap(filesOf).map(readFlow);
  if (flows.length === 0) throw failure(`${options.paths.join(", ")}: there is no .json file there`);
  const names = {
    features: named<Feature>(options.features),
    segments: named<Segment>(options.segments),
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

function readFlow(file: string): { readonly file: string; readonly flow: Flow } {
  const read = readJsonFile(file);
  if (read.problem) throw failure(problemLine(read.problem));
  const found = validateFlow(read.value, { file });
  if (!found.ok)
    throw failure(...found.problems.map((one) => problemLine({ ...one, ...read.placeOf(one.path) })));
  return { file, flow: found.value };
}
