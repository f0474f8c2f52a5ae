import { explain } from "@cairn/engine/explain";
import type { Report } from "./api.ts";
import type { Core } from "./public-api.ts";
import { SDK_VERSION } from "./version.ts";

/** What `cairn.explain()` answers; a chunk of its own, since most pages never ask. */
export function report(core: Core, flowId: unknown): Report {
  const loop = core.loop();
  const ids = loop ? [...loop.compiled.flows.values()].map(({ id }) => id) : [];
  const wanted = flowId === undefined ? ids : ids.filter((id) => id === flowId);
  return {
    sdk: SDK_VERSION,
    ...core.health(),
    errors: core.errors.codes(),
    flows: loop ? wanted.flatMap((id) => explain(loop.compiled, loop.state, loop.env(), id) ?? []) : [],
  };
}
