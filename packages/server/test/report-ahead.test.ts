import { describe, expect, it } from "vitest";
import type { AdoptionReport } from "../src/reports/adoption-schema.ts";
import type { ActivationReport, FunnelReport } from "../src/reports/report-schemas.ts";
import { createTestServer, NOW } from "./test-server.ts";

/** A Friday at noon. */
const NOW_TEXT = new Date(NOW).toISOString();

async function serve() {
  const { send } = createTestServer();
  const put = async (path: string, body: object) => expect((await send("PUT", path, body)).status).toBe(201);
  const rule = { activated: { count: 1, within: "1d" }, lapsed: { after: "20d" } };
  await put("/v1/features/export", { id: "export", name: "Export", uses: [{ event: "export" }], ...rule });
  const actions = [{ id: "ok", label: "OK", do: "done" }];
  const goal = { reach: { event: "export" }, within: "7d" };
  await put("/v1/flows/tour", {
    ...{ schemaVersion: 1, id: "tour", kind: "tour", goal },
    steps: [{ id: "one", title: "One", actions }],
  });
  const ana = { userId: "ana", context: { groupId: "acme" } };
  const ben = { userId: "ben", context: { groupId: "acme" } };
  const saw = { type: "track", event: "cairn.step.shown", properties: { flow: "tour", step: "one" } };
  const batch = [
    { ...ana, messageId: "1", type: "track", event: "export", timestamp: "2026-11-12T09:00:00Z" },
    { ...ben, messageId: "2", type: "page", name: "Home", timestamp: "2026-11-12T09:00:00Z" },
    { ...ben, messageId: "3", ...saw, timestamp: "2026-11-18T09:00:00Z" },
  ];
  expect(await (await send("POST", "/v1/batch", { batch })).json()).toMatchObject({ accepted: 3 });
  return async (path: string) => await send("GET", `/v1/reports/${path}`);
}

describe("a report to a moment that has not come", () => {
  it("is as of now, so that nobody has lapsed or failed by what they may still do", async () => {
    const get = await serve();
    const read = async <Report>(path: string) => (await (await get(path)).json()) as Report;
    const ahead = "from=2026-11-01&to=2026-12-15";

    const activation = await read<ActivationReport>(`activation?${ahead}`);
    expect(activation.to).toBe(NOW_TEXT);
    const [feature] = activation.features;
    expect(feature?.states).toEqual({ untried: 1, tried: 0, activated: 1, lapsed: 0 });
    expect(feature?.weeks.at(-1)).toMatchObject({ week: "2026-11-16", complete: false });
    // Ben has six of his fourteen days left.
    expect(feature?.weeks.find(({ week }) => week === "2026-11-09")?.cohort).toEqual({
      ...{ started: 2, rate: null },
      immature: true,
    });
    expect(feature?.timeToActivate.within[1]).toMatchObject({ days: 14, rate: null, immature: 2 });

    const funnel = await read<FunnelReport>(`funnel?flow=tour&${ahead}`);
    expect([funnel.to, funnel.exposed, funnel.immature, funnel.goal?.share]).toEqual([NOW_TEXT, 1, 1, null]);

    const adoption = await read<AdoptionReport>(`adoption?${ahead}`);
    expect([adoption.to, adoption.accounts, adoption.immature]).toEqual([NOW_TEXT, 1, 1]);
    expect(adoption.weeks.at(-1)).toMatchObject({ week: "2026-11-16", complete: false });
  });

  it("is refused where it would begin there", async () => {
    const get = await serve();
    for (const path of ["activation?", "adoption?", "funnel?flow=tour&"]) {
      const refused = await get(`${path}from=${NOW_TEXT}&to=2026-12-15`);
      expect(refused.status).toBe(400);
      expect(await refused.text()).toContain("lies ahead");
      expect((await get(`${path}from=2026-11-20&to=2026-12-15`)).status).toBe(200);
    }
  });
});
