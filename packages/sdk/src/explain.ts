import { explain } from "@cairn/engine/explain";
import type { Report } from "./api.ts";
import type { Core } from "./public-api.ts";
import { SDK_VERSION } from "./version.ts";

/** What `cairn.explain()` answers; a chunk of its own, since most pages never ask. */
export function report(core: Core, flowId: unknown): Report {
  const loop = core.loop();
  const ids = loop ? [...loop.compiled.flows.values()].map(({ id }) => id) : [];
  const wanted = flowId === undefined ? ids : ids.filter((id) => id === flowId);
  const health = core.health();
  const advice: string[] = [];
  if (health.consent !== "granted" && !health.config)
    advice.push(`Consent is ${health.consent}: nothing is fetched before cairn.consent("granted").`);
  else if (!health.config)
    advice.push(
      "The definitions have not come: look at the request for /v1/config in the browser's network panel. Does the server run, and does it know the key in data-key?",
    );
  else if (flowId !== undefined && wanted.length === 0)
    advice.push(
      `${typeof flowId === "string" ? `No flow "${flowId}" is published here.` : "A flow's id is a text."} Published: ${ids.join(", ") || "none"}.`,
    );
  if (!health.enabled) advice.push("All guidance is stopped (settings.enabled is false).");
  return {
    sdk: SDK_VERSION,
    ...health,
    errors: core.errors.codes(),
    flows: loop ? wanted.flatMap((id) => explain(loop.compiled, loop.state, loop.env(), id) ?? []) : [],
    advice,
  };
}
