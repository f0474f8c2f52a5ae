import { applyPlan, checkPlan } from "../apply.ts";
import { readEnvironment, readFolder, writeFolder } from "../environment.ts";
import { isSame, type Plan, type PlanOptions, planOf, planText } from "../plan.ts";
import { connect, type Remote, type RemoteOptions } from "../remote.ts";
import { counted } from "../table.ts";
import { createOutput, type Terminal } from "../terminal.ts";

export interface EnvironmentOptions extends RemoteOptions, PlanOptions {
  readonly folder: string;
  readonly json?: boolean;
}
export interface ApplyOptions extends EnvironmentOptions {
  readonly note?: string;
}

/** `cairn plan`: what `apply` would do. 1 where that is anything, a failure where the server would refuse it. */
export async function planFolder(options: EnvironmentOptions, { stdout }: Terminal): Promise<0 | 1> {
  const folder = readFolder(options.folder);
  const remote = connect(options);
  const plan = planOf(folder, await readEnvironment(remote), options);
  await checked(remote, plan, options, stdout);
  return plan.steps.length > 0 ? 1 : 0;
}

/** `cairn apply`: makes an environment what a folder says. */
export async function applyFolder(options: ApplyOptions, { stdout }: Terminal): Promise<0> {
  const folder = readFolder(options.folder);
  const remote = connect(options);
  const plan = planOf(folder, await readEnvironment(remote), options);
  await checked(remote, plan, { json: false, quiet: options.json }, stdout);
  const output = createOutput(stdout);
  const applied = await applyPlan(remote, plan, options.note);
  if (options.json) output.write(`${JSON.stringify({ plan, applied }, null, 2)}\n`);
  else if (plan.steps.length > 0) {
    const { written, restored, published, deleted, warnings } = applied;
    const versions = published.map(({ id, version }) => `${id} version ${version}`);
    const back = restored.length > 0 ? `, ${restored.length} restored` : "";
    output.write(`\n${counted(written.length, "definition")} written${back}, ${deleted.length} deleted`);
    output.write(versions.length > 0 ? `; live now: ${versions.join(", ")}\n` : "\n");
    for (const { code, flow, message } of warnings)
      output.write(`${flow ?? "settings"} ${code}: ${message}\n`);
  }
  await output.flush();
  return 0;
}

/** Tells a plan, with what the server says to it; a refusal is told after it. */
async function checked(
  remote: Remote,
  plan: Plan,
  { json, quiet }: { readonly json?: boolean | undefined; readonly quiet?: boolean | undefined },
  stdout: Terminal["stdout"],
): Promise<void> {
  const output = createOutput(stdout);
  const tell = async (versions?: Parameters<typeof planText>[1]) => {
    if (quiet) return;
    output.write(json ? `${JSON.stringify(plan, null, 2)}\n` : planText(plan, versions));
    await output.flush();
  };
  try {
    await tell((await checkPlan(remote, plan)).published);
  } catch (thrown) {
    await tell();
    throw thrown;
  }
}

/** `cairn pull`: writes an environment's definitions into a folder. */
export async function pullFolder(options: EnvironmentOptions, { stdout }: Terminal): Promise<0> {
  const { definitions, live } = await readEnvironment(connect(options));
  const drafts = [...definitions]
    .filter(([, { kind, id, body }]) => kind === "flow" && !isSame(body, live.get(id)?.body))
    .map(([name]) => name);
  const written = writeFolder(options.folder, definitions.values(), options.prune ?? false);
  const output = createOutput(stdout);
  if (options.json) output.write(`${JSON.stringify({ files: written, drafts }, null, 2)}\n`);
  else {
    for (const { file, did } of written) if (did !== "same") output.write(`${did} ${file}\n`);
    output.write(`${counted(written.filter(({ did }) => did === "same").length, "file")} as they were\n`);
    if (drafts.length > 0)
      output.write(`Drafts that are not live, and that apply would publish: ${drafts.join(", ")}\n`);
  }
  await output.flush();
  return 0;
}
