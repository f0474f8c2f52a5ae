import { httpError } from "../errors.ts";
import type { Caller } from "../server-env.ts";
import { applyChanges } from "../storage/apply-changes.ts";
import type { DefinitionChange, Definitions } from "../storage/storage.ts";
import { fileOf } from "./check.ts";
import { isEveryone, namedIn } from "./everyone.ts";

type AtOnce = Extract<DefinitionChange, { type: "put" | "delete" }>;

/**
 * Settings, and the segments and features that something published uses, take effect at once: to write them is to
 * publish. Throws 403 for a person who may not publish, and 409 where a flow that is live would come to reach everybody
 * without anybody having looked at it as such. Keys are held to it by their makers.
 */
export function guardLive(
  { kind, scopes }: Partial<Pick<Caller, "kind" | "scopes">>,
  before: Definitions,
  changes: readonly DefinitionChange[],
): void {
  if (kind !== "person") return;
  const written = changes.filter(
    (one): one is AtOnce => (one.type === "put" || one.type === "delete") && one.kind !== "flow",
  );
  if (written.length === 0) return;
  const { definitions: after } = applyChanges(before, [], changes, 0);
  const used = new Set([...usedByPublished(before), ...usedByPublished(after)]);
  const effective = written
    .filter((one) => (one.kind === "settings" ? !isStop(before, one) : used.has(fileOf(one.kind, one.id))))
    .map((one) => fileOf(one.kind, one.id));
  if (effective.length > 0 && scopes?.has("publish") !== true)
    throw httpError(
      "forbidden",
      `What is published would change at once with ${effective.join(", ")}: this needs the scope "publish". Ask somebody who may publish, or write it under a new id and use that in a draft.`,
    );
  const wider = after.live.filter(
    ({ body }) => isEveryone(body.audience, namedIn(after)) && !isEveryone(body.audience, namedIn(before)),
  );
  if (wider.length === 0) return;
  const flows = wider.map(({ flow }) => ({ flow, why: "it would reach everybody" }));
  throw httpError(
    "needs-approval",
    `With this, everybody would get what is live: ${wider.map(({ flow }) => `"${flow}"`).join(", ")}. For that a second person is needed: take the audience out of the draft, have somebody approve it, and publish it.`,
    { flows },
  );
}

/** Whether nothing but the switch that stops all guidance is pulled, which anybody may who sees that it must be. */
function isStop({ settings }: Definitions, change: AtOnce): boolean {
  if (change.type !== "put") return false;
  const [was, is] = [{ ...settings?.body }, { ...(change.body as { readonly enabled?: boolean }) }];
  if (is.enabled !== false) return false;
  const rest = (one: object) => JSON.stringify(Object.entries({ ...one, enabled: false }).sort(byName));
  return rest(was) === rest(is);
}

const byName = ([a]: [string, unknown], [b]: [string, unknown]) => (a < b ? -1 : a > b ? 1 : 0);

/**
 * `segments/ID` and `features/ID` of everything that the live flows and the settings name, and what those name in turn.
 * A trait that happens to be called `segment` counts too: too many is asked of nobody wrongly, too few would be.
 */
function usedByPublished({ live, settings, segments, features }: Definitions): ReadonlySet<string> {
  const found = new Set<string>();
  const named = new Map<string, unknown>([
    ...segments.map(({ id, body }) => [fileOf("segment", id), body] as const),
    ...features.map(({ id, body }) => [fileOf("feature", id), body] as const),
  ]);
  const waiting: unknown[] = [...live.map(({ body }) => body), settings?.body];
  while (waiting.length > 0) {
    const value = waiting.pop();
    if (typeof value !== "object" || value === null) continue;
    for (const [key, part] of Object.entries(value)) {
      waiting.push(part);
      if ((key !== "segment" && key !== "feature") || typeof part !== "string") continue;
      const name = fileOf(key, part);
      if (found.has(name)) continue;
      found.add(name);
      waiting.push(named.get(name));
    }
  }
  return found;
}
