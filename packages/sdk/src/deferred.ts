import type { Cairn } from "./api.ts";

/** Takes calls at once for one that comes later. `idle` answers until then. */
export function deferred(idle: Cairn, coming: Promise<Cairn>): Cairn {
  let api: Cairn | undefined;
  // Where neither a preview nor Cairn can be, nothing is.
  const ready = coming.then(
    (made) => {
      api = made;
      return made;
    },
    () => idle,
  );
  /** What takes a call back that has perhaps not been made yet. */
  const undo = (call: (cairn: Cairn) => () => void): (() => void) => {
    const made = ready.then(call);
    return () => void made.then((off) => off());
  };
  const later = Object.fromEntries(
    (Object.keys(idle) as (keyof Cairn)[]).map((name) => [
      name,
      (...args: never[]) =>
        void ready.then((cairn) => (cairn[name] as (...given: never[]) => unknown)(...args)),
    ]),
  ) as unknown as Cairn;
  return {
    ...later,
    on: (type, handler) => undo((cairn) => cairn.on(type, handler)),
    hold: () => undo((cairn) => cairn.hold()),
    explain: (flow) => ready.then((cairn) => cairn.explain(flow)),
    decisions: () => api?.decisions() ?? [],
  };
}
