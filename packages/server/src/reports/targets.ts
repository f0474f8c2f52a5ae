import { type Flow, resolveSettings, type Target } from "@cairn/flow-schema";
import { httpError } from "../errors.ts";
import { GUIDANCE } from "../storage/guidance-mark.ts";
import type { GuidanceColumns } from "../storage/report-store.ts";
import type { EnvironmentId } from "../storage/storage.ts";
import { rateColumns, tableOf } from "./csv.ts";
import { readPeople, type Units } from "./people.ts";
import type { TargetHealth, TargetsReport } from "./report-schemas.ts";
import type { ReportSource } from "./report-source.ts";
import { wilson } from "./wilson.ts";
import { words } from "./words.ts";

type Health = Pick<TargetHealth, "looked" | "found" | "fallbacks" | "missing" | "reached">;

/**
 * Whether steps find their targets, by step and by release of the host product.
 *
 * Unit: the run. **Looked**: runs in `[from, to)` that looked for the step's target. Each of them is one of:
 * **missing** (waited for it in vain), **fallback** (found by the fallback of this rank, from 1), **found** (by its
 * first choice). **Waiting**: people whom the flow was held for with `target-missing`, which is how a first step's
 * missing target shows. **Release**: `context.app.version` of the event; `null` where the product says none.
 */
export async function targetsReport(
  source: ReportSource,
  environment: EnvironmentId,
  { from, to, flow }: { readonly from: number; readonly to: number; readonly flow?: string | undefined },
): Promise<TargetsReport> {
  const definitions = await source.definitions(environment);
  const { live, drafts } = definitions;
  const draft = drafts.find(({ id }) => id === flow);
  const flows = live.map(({ body }) => body).filter(({ id }) => flow === undefined || id === flow);
  if (flows.length === 0 && draft !== undefined) flows.push(draft.body);
  if (flow !== undefined && flows.length === 0) throw httpError("not-found", `There is no flow "${flow}".`);
  const { locale } = resolveSettings(definitions.settings?.body);
  const data = await source.reportData(environment, { flows: flows.map(({ id }) => id) });
  const { persons } = readPeople(data, definitions, to);
  return {
    from: new Date(from).toISOString(),
    to: new Date(to).toISOString(),
    unit: "run",
    steps: flows.flatMap((one) => {
      const columns = data.flows.get(one.id);
      const targets = targetsOf(one);
      if (columns === undefined || targets.length === 0) return [];
      const { looks, waiting } = looksOf(columns, persons, from, to);
      return targets.map(({ id, title, target, isFirst }) => {
        const own = looks.filter((look) => look.step === id);
        const releases = [...new Set(own.map(({ release }) => release))].sort(byText);
        return {
          flow: one.id,
          step: id,
          title: words(title, locale) || id,
          target: nameOf(target),
          ...healthOf(own),
          waiting: isFirst ? waiting : 0,
          releases: releases.map((release) => ({
            release,
            ...healthOf(own.filter((look) => look.release === release)),
          })),
        };
      });
    }),
  };
}

function targetsOf(flow: Flow) {
  if (flow.kind === "checklist") return [];
  return flow.steps.flatMap(({ id, title, target }, index) =>
    target === undefined ? [] : [{ id: id as string, title, target, isFirst: index === 0 }],
  );
}

function nameOf({ anchor, fallback }: Target): string {
  return anchor ?? fallback?.[0] ?? "";
}

/** One run's look for one step's target. */
interface Look {
  readonly step: string;
  readonly release: string | null;
  missing: boolean;
  /** Of the fallback it was found by; 0 for the first choice. */
  rank: number;
}

const CODE = { missing: GUIDANCE.indexOf("target-missing"), fallback: GUIDANCE.indexOf("target-fallback") };
const SHOWN = GUIDANCE.indexOf("step-shown");
const HELD = [GUIDANCE.indexOf("held"), GUIDANCE.indexOf("decided-held")];

function looksOf(
  { count, at, person, run, code, times, word, words }: GuidanceColumns,
  { of }: Units,
  from: number,
  to: number,
) {
  const isCounted = (i: number) => (of[person[i] as number] ?? -1) >= 0;
  const counts = (i: number) => (at[i] as number) >= from && (at[i] as number) < to && isCounted(i);
  const forced = new Set<number>();
  // A run is forced from its start, which may lie before the range.
  for (let i = 0; i < count; i++) if (code[i] === 0 && isCounted(i)) forced.add(run[i] as number);
  forced.delete(0);
  const looks = new Map<string, Look>();
  const waiting = new Set<number>();
  for (let i = 0; i < count; i++) {
    const about = words[word[i] as number]?.about ?? null;
    const kind = code[i] as number;
    if (about === null || !counts(i) || forced.has(run[i] as number)) continue;
    if (HELD.includes(kind)) {
      if (about === "target-missing") waiting.add(of[person[i] as number] as number);
      continue;
    }
    if (kind !== SHOWN && kind !== CODE.missing && kind !== CODE.fallback) continue;
    // Without a run a person's looks are one.
    const whose = run[i] === 0 ? `person ${of[person[i] as number]}` : String(run[i]);
    const release = words[word[i] as number]?.release ?? null;
    const key = JSON.stringify([whose, about, release]);
    const look = looks.get(key) ?? { step: about, release, missing: false, rank: 0 };
    looks.set(key, look);
    if (kind === CODE.missing) look.missing = true;
    else if (kind === CODE.fallback) look.rank = Math.max(look.rank, times[i] as number);
  }
  return { looks: [...looks.values()], waiting: waiting.size };
}

function healthOf(looks: readonly Look[]): Health {
  const missing = looks.filter((look) => look.missing).length;
  const ranks = new Map<number, number>();
  for (const { rank, missing } of looks)
    if (!missing && rank > 0) ranks.set(rank, (ranks.get(rank) ?? 0) + 1);
  const fallbacks = [...ranks].sort(([a], [b]) => a - b).map(([rank, runs]) => ({ rank, runs }));
  const fellBack = fallbacks.reduce((sum, { runs }) => sum + runs, 0);
  const reached = looks.length - missing;
  return {
    looked: looks.length,
    found: reached - fellBack,
    fallbacks,
    missing,
    reached: wilson(reached, looks.length),
  };
}

/** Those without a release first. */
function byText(a: string | null, b: string | null): number {
  return a === b ? 0 : a === null ? -1 : b === null || a > b ? 1 : -1;
}

/** A row for each step, `all`, and one for each release. */
export function targetsCsv({ steps }: TargetsReport): string {
  const rows = steps.flatMap(({ releases, ...step }) => {
    const { flow, step: id, title, target } = step;
    return [
      { ...step, row: "all" },
      ...releases.map((one) => ({ flow, step: id, title, target, row: "release", ...one })),
    ].map((row) => ({
      ...row,
      fallbacks: Object.fromEntries(row.fallbacks.map(({ rank, runs }) => [rank, runs])),
    }));
  });
  const ranks = new Set(steps.flatMap(({ fallbacks }) => fallbacks.map(({ rank }) => rank)));
  return tableOf(
    [
      ...["flow", "step", "title", "target", "row", "release", "looked", "found"],
      ...[...ranks].sort((a, b) => a - b).map((rank) => `fallbacks.${rank}`),
      ...["missing", ...rateColumns("reached"), "waiting"],
    ],
    rows,
  );
}
