import type { Feature, Flow, Segment, Settings } from "@cairn/flow-schema";
import { failure } from "./failure.ts";
import type { Plan } from "./plan.ts";
import { ask, type Remote, refused } from "./remote.ts";

/** What came of a plan. */
export interface Applied {
  readonly written: readonly string[];
  readonly restored: readonly string[];
  readonly published: readonly { readonly id: string; readonly version: number }[];
  readonly deleted: readonly string[];
  readonly warnings: readonly {
    readonly code: string;
    readonly message: string;
    readonly flow?: string | undefined;
  }[];
}

const NOTHING: Applied = { written: [], restored: [], published: [], deleted: [], warnings: [] };

/** What a plan would come to now; a failure that says why where the server would refuse it. Changes nothing. */
export async function checkPlan(remote: Remote, plan: Plan): Promise<Applied> {
  if (plan.steps.length === 0) return NOTHING;
  return done(await ask(remote.plan.$post({ json: wanted(plan, undefined) })), "This would be refused");
}

/** Carries a plan out as one change: all of it or nothing. What was changed since it was made is not written over. */
export async function applyPlan(remote: Remote, plan: Plan, note: string | undefined): Promise<Applied> {
  if (plan.steps.length === 0) return NOTHING;
  return done(await ask(remote.apply.$post({ json: wanted(plan, note) })), "Nothing was changed");
}

type Asked = Awaited<ReturnType<typeof ask<Awaited<ReturnType<Remote["apply"]["$post"]>>>>>;

function done(asked: Asked, otherwise: string): Applied {
  if (asked.refusal === undefined) return asked.body;
  const { status, details } = asked.refusal;
  if (status === 412)
    throw failure(
      `${otherwise}: ${details?.name ?? "something"} was changed on the server since it was looked at. Plan again.`,
    );
  throw refused(asked.refusal, otherwise);
}

/** A plan as the server takes it. */
function wanted({ steps }: Plan, note: string | undefined) {
  const written = <T>(wantedKind: string) =>
    steps
      .filter(({ kind, does }) => kind === wantedKind && does.includes("write"))
      .map(({ body }) => body as T);
  const [settings] = written<Settings>("settings");
  return {
    segments: written<Segment>("segment"),
    features: written<Feature>("feature"),
    flows: written<Flow>("flow"),
    ...(settings !== undefined && { settings }),
    restore: steps.filter(({ does }) => does.includes("restore")).map(({ id }) => id),
    publish: steps.filter(({ does }) => does.includes("publish")).map(({ id }) => id),
    delete: steps.filter(({ does }) => does.includes("delete")).map(({ name }) => name),
    ifMatch: Object.fromEntries(steps.map(({ name, etag }) => [name, etag ?? null])),
    ...(note !== undefined && { note }),
  };
}
