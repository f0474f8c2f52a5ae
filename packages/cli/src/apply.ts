import type { Feature, Flow, Segment, Settings } from "@cairn/flow-schema";
import { failure } from "./failure.ts";
import type { Plan, Step } from "./plan.ts";
import { ask, type Refusal, type Remote, refused } from "./remote.ts";

/** What came of a plan. */
export interface Applied {
  readonly written: readonly string[];
  readonly published: readonly { readonly id: string; readonly version: number }[];
  readonly deleted: readonly string[];
  readonly warnings: readonly {
    readonly code: string;
    readonly message: string;
    readonly flow?: string | undefined;
  }[];
}

/**
 * Carries a plan out: what others name first, then drafts, then everything that is to be published as one change, then
 * what goes. Whatever was changed on the server since the plan was made is not written over.
 */
export async function applyPlan(remote: Remote, { steps }: Plan, note: string | undefined): Promise<Applied> {
  const writes = steps.filter(({ does }) => does.includes("write"));
  await inSomeOrder(
    writes.filter(({ kind }) => kind === "segment" || kind === "feature"),
    (step) => write(remote, step),
  );
  for (const step of writes.filter(({ kind }) => kind === "settings" || kind === "flow"))
    await inSomeOrder([step], (one) => write(remote, one));
  const flows = steps.filter(({ does }) => does.includes("publish")).map(({ id }) => id);
  let published: Applied["published"] = [];
  let warnings: Applied["warnings"] = [];
  if (flows.length > 0) {
    const asked = await ask(
      remote.publish.$post({ json: { flows, ...(note === undefined ? {} : { note }) } }),
    );
    if (asked.refusal) throw refused(asked.refusal, "Nothing was published");
    published = asked.body.published.map(({ id, version }) => ({ id, version }));
    warnings = asked.body.warnings;
  }
  const gone = steps.filter(({ does }) => does.includes("delete"));
  await inSomeOrder(gone, (step) => remove(remote, step));
  return {
    written: writes.map(({ name }) => name),
    published,
    deleted: gone.map(({ name }) => name),
    warnings,
  };
}

/** Definitions name each other in any direction: what is refused because of another one is tried again after it. */
async function inSomeOrder(
  steps: readonly Step[],
  act: (step: Step) => Promise<Refusal | undefined>,
): Promise<void> {
  let waiting = steps;
  while (waiting.length > 0) {
    const again: [Step, Refusal][] = [];
    for (const step of waiting) {
      const refusal = await act(step);
      if (refusal === undefined) continue;
      if (refusal.status === 412)
        throw failure(`${step.name} was changed on the server since it was looked at. Plan again.`);
      again.push([step, refusal]);
    }
    const [first] = again;
    if (first !== undefined && again.length === waiting.length) throw refused(first[1], first[0].name);
    waiting = again.map(([step]) => step);
  }
}

async function write(remote: Remote, { kind, id, body, etag }: Step): Promise<Refusal | undefined> {
  const header = etag === undefined ? {} : { "if-match": etag };
  const to = { param: { id }, header };
  switch (kind) {
    case "feature":
      return (await ask(remote.features[":id"].$put({ ...to, json: body as Feature }))).refusal;
    case "segment":
      return (await ask(remote.segments[":id"].$put({ ...to, json: body as Segment }))).refusal;
    case "settings":
      return (await ask(remote.settings.$put({ header, json: body as Settings }))).refusal;
    case "flow":
      return (await ask(remote.flows[":id"].$put({ ...to, json: body as Flow }))).refusal;
  }
}

async function remove(remote: Remote, { kind, id, etag }: Step): Promise<Refusal | undefined> {
  const header = etag === undefined ? {} : { "if-match": etag };
  const to = { param: { id }, header };
  switch (kind) {
    case "feature":
      return (await ask(remote.features[":id"].$delete(to))).refusal;
    case "segment":
      return (await ask(remote.segments[":id"].$delete(to))).refusal;
    case "settings":
      return (await ask(remote.settings.$delete({ header }))).refusal;
    case "flow":
      return (await ask(remote.flows[":id"].$delete(to))).refusal;
  }
}
