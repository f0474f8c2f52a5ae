import { type Reference, type Run, report } from "./run.ts";
import { nearest } from "./wording.ts";

/** Ids that exist; of a kind that is left out, nothing is known and nothing is checked. */
export interface KnownIds {
  readonly flows?: Iterable<string>;
  readonly features?: Iterable<string>;
  readonly segments?: Iterable<string>;
}

/** Reports every reference to a definition that does not exist. */
export function checkReferences(
  run: Run,
  known: KnownIds,
  own?: { kind: Reference["kind"]; id: string },
): void {
  const ids = {
    flow: known.flows && new Set(known.flows),
    feature: known.features && new Set(known.features),
    segment: known.segments && new Set(known.segments),
  };
  if (own !== undefined) ids[own.kind]?.add(own.id);
  for (const { kind, id, path } of run.references) {
    const existing = ids[kind];
    if (existing === undefined || existing.has(id)) continue;
    const meant = nearest(id, existing);
    const fix =
      meant === undefined
        ? `write the id of a ${kind} that exists, or add that ${kind}`
        : `did you mean "${meant}"?`;
    report(run, path, "dangling-reference", `there is no ${kind} "${id}"`, fix);
  }
}

/** Asked inside `inactive`, a feature is only its uses: who may use it does not matter. */
const asksState = ({ kind, path }: Reference): boolean =>
  kind === "segment" || (kind === "feature" && !path.endsWith("/inactive/feature"));

/** Reports a segment or feature whose own condition asks about itself. */
export function checkSelfReference(run: Run, kind: "feature" | "segment", id: string): void {
  for (const reference of run.references) {
    if (reference.kind === kind && reference.id === id && asksState(reference))
      reportCycle(run, reference.path, [`${kind} "${id}"`, `${kind} "${id}"`]);
  }
}

/** Reports every circle among the segments and features of a configuration, once each. */
export function checkCycles(
  run: Run,
  config: { readonly segments?: readonly { id: string }[]; readonly features?: readonly { id: string }[] },
): void {
  const edges = new Map<string, Reference[]>();
  for (const reference of run.references) {
    const [, list, index] = /^\/(segments|features)\/(\d+)\//.exec(reference.path) ?? [];
    if (list === undefined || !asksState(reference)) continue;
    const kind = list === "segments" ? "segment" : "feature";
    const owner = config[list as "segments" | "features"]?.[Number(index)]?.id;
    const from = `${kind} "${owner}"`;
    edges.set(from, [...(edges.get(from) ?? []), reference]);
  }
  const done = new Set<string>();
  for (const start of edges.keys()) visit(start);

  /** Depth first without recursion: a chain of segments may be as long as a configuration allows. */
  function visit(start: string): void {
    const trail: { readonly name: string; next: number }[] = [{ name: start, next: 0 }];
    const onTrail = new Set([start]);
    while (trail.length > 0) {
      const top = trail[trail.length - 1] as { readonly name: string; next: number };
      const edge = done.has(top.name) ? undefined : edges.get(top.name)?.[top.next++];
      if (edge === undefined) {
        done.add(top.name);
        onTrail.delete(top.name);
        trail.pop();
        continue;
      }
      const name = `${edge.kind} "${edge.id}"`;
      if (onTrail.has(name)) {
        const names = trail.map((place) => place.name);
        reportCycle(run, edge.path, [...names.slice(names.indexOf(name)), name]);
      } else if (!done.has(name)) {
        trail.push({ name, next: 0 });
        onTrail.add(name);
      }
    }
  }
}

function reportCycle(run: Run, path: string, names: readonly string[]): void {
  const circle = names.length > 5 ? [...names.slice(0, 3), "…", ...names.slice(-1)] : names;
  report(
    run,
    path,
    "reference-cycle",
    `definitions ask about each other in a circle: ${circle.join(" → ")}`,
    "write one of them without the others",
  );
}
