import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import type { AdoptionReport } from "../src/reports/adoption-schema.ts";
import type { ActivationReport, FunnelReport } from "../src/reports/report-schemas.ts";
import { type OpenStore, reportStores } from "./report-stores.ts";
import { createTestServer, PUBLIC_KEY, SECRET_KEY } from "./test-server.ts";

const folder = mkdtempSync(join(tmpdir(), "cairn-past-accounts-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const [memory, sqlite, postgres] = reportStores(folder);

let messages = 0;
const said = (userId: string, timestamp: string, more: object) => ({
  ...{ messageId: `m${++messages}`, userId, timestamp },
  ...more,
});
const used = (userId: string, timestamp: string) => said(userId, timestamp, { type: "track", event: "used" });
const joins = (userId: string, groupId: string, timestamp: string, traits: object = {}) =>
  said(userId, timestamp, { type: "group", groupId, traits });

/** A server with one feature of people (for plan `pro`), one of accounts, and what came in one batch. */
async function serve(open: OpenStore, name: string, batch: readonly object[]) {
  const storage = await open(name);
  const { send } = createTestServer({ storage });
  const feature = { name: "Used", uses: [{ event: "used" }], activated: { count: 1, within: "1d" } };
  const put = async (path: string, body: object) => expect((await send("PUT", path, body)).status).toBe(201);
  await put("/v1/features/own", { id: "own", ...feature, availableTo: { account: { plan: "pro" } } });
  await put("/v1/features/pooled", { id: "pooled", ...feature, level: "account" });
  const actions = [{ id: "ok", label: "OK", do: "done" }];
  const audience = { account: { plan: "pro" } };
  const steps = [{ id: "one", title: "One", actions }];
  await put("/v1/flows/tour", { schemaVersion: 1, id: "tour", kind: "tour", audience, steps });
  const take = async (some: readonly object[], key = SECRET_KEY) => {
    const headers = { authorization: `Bearer ${key}` };
    const answer = await send("POST", "/v1/batch", { batch: some }, headers);
    expect(await answer.json()).toMatchObject({ accepted: some.length, rejected: [] });
  };
  await take(batch);
  const read = async <Report>(report: string, query: string) =>
    (await (await send("GET", `/v1/reports/${report}${query}`)).json()) as Report;
  return {
    take,
    exclude: async (condition: object) =>
      expect((await send("PUT", "/v1/settings", { exclude: condition })).status).toBe(200),
    /** What the three reports that know of accounts say of the time from 1 October until a moment. */
    async until(to: string, more = "") {
      const range = `from=2026-10-01&to=${to}${more}`;
      const { features } = await read<ActivationReport>("activation?by=account.plan&", range);
      const [own, pooled] = ["own", "pooled"].map((id) => features.find((one) => one.id === id));
      const { perAccount } = await read<AdoptionReport>("adoption?", range);
      const { eligible } = await read<FunnelReport>("funnel?flow=tour&", range);
      return {
        /** People who may use it, and those of them who did. */
        own: [own?.entitled, own?.states.activated],
        /** Accounts that use it, by their plan. */
        pooled: pooled?.groups?.map(({ value, states }) => `${value} ${states.activated}`).sort(),
        users: perAccount.map(({ id, users }) => `${id} ${users}`),
        eligible,
      };
    },
    dispose: () => storage.dispose(),
  };
}

/** The example of docs/metrics.md: what Ann does names neither account. */
const move = [
  joins("tom", "acme", "2026-09-01T08:00:00Z", { plan: "trial" }),
  joins("pia", "bolt", "2026-09-01T08:00:00Z", { plan: "pro" }),
  joins("ann", "acme", "2026-10-01T08:00:00Z"),
  used("ann", "2026-10-05T09:00:00Z"),
  used("ann", "2026-10-20T09:00:00Z"),
  joins("ann", "bolt", "2026-11-03T08:00:00Z"),
];
const OF_ACME = {
  own: [1, 0],
  pooled: ["pro 0", "trial 1"],
  users: ["acme 1", "bolt 0"],
  eligible: 0,
};
const OF_BOLT = { own: [2, 1], pooled: ["pro 1", "trial 0"], users: ["acme 0", "bolt 1"], eligible: 1 };

describe.each([
  ["memory", memory],
  ["sqlite", sqlite],
  ["postgres", postgres],
] as const)("whose account a person was, asked of the past, in %s", (name, open) => {
  it("is the one that they had named last before the report's end", async () => {
    const { until, dispose } = await serve(open, `${name}-move`, move);
    expect(await until("2026-11-01")).toEqual(OF_ACME);
    expect(await until("2026-11-03T08:00:00.000Z")).toEqual(OF_ACME);
    expect(await until("2026-11-03T08:00:00.001Z")).toEqual(OF_BOLT);
    expect(await until("2026-11-15")).toEqual(OF_BOLT);
    // In the same order again: what was asked before is not mixed up.
    expect(await until("2026-11-01")).toEqual(OF_ACME);
    expect(await until("2026-11-01", "&verified=only")).toEqual(OF_ACME);
    await dispose();
  });

  it("is none before they named one", async () => {
    const { until, dispose } = await serve(open, `${name}-none`, [
      joins("pia", "bolt", "2026-09-01T08:00:00Z", { plan: "pro" }),
      used("ann", "2026-10-05T09:00:00Z"),
      joins("ann", "bolt", "2026-10-20T08:00:00Z"),
    ]);
    const none = { own: [1, 0], pooled: ["pro 0"], users: ["bolt 0"] };
    // Of a plan that nobody knows an audience says nothing, and rules nobody out.
    expect(await until("2026-10-20T08:00:00.000Z")).toEqual({ ...none, eligible: 1 });
    expect(await until("2026-10-20T08:00:00.001Z")).toEqual({
      ...{ own: [2, 1], pooled: ["pro 1"], users: ["bolt 1"] },
      eligible: 1,
    });
    await dispose();
  });

  it("is, of two named at the same millisecond, the one whose id comes last", async () => {
    const [then, after] = ["2026-11-03T08:00:00.000Z", "2026-11-03T08:00:00.001Z"];
    const { until, dispose } = await serve(open, `${name}-tie`, [
      ...["ann", "ben"].map((user) => used(user, "2026-10-20T09:00:00Z")),
      ...[joins("ann", "acme", then), joins("ann", "bolt", then)],
      ...[joins("ben", "bolt", then), joins("ben", "acme", then)],
      // Later in that quarter of an hour, so that its messages have to be looked at one by one.
      ...[joins("ann", "acme", "2026-11-03T08:01:00Z"), joins("ann", "bolt", "2026-11-03T08:02:00Z")],
      joins("ann", "core", "2026-11-09T08:00:00Z"),
      joins("ben", "core", "2026-11-09T08:00:00Z"),
    ]);
    const both = ["acme 0", "bolt 2"];
    expect((await until(after)).users).toEqual(both);
    expect((await until("2026-11-05")).users).toEqual(both);
    // What is said at the end itself is not said before it.
    expect((await until("2026-11-09T08:00:00.000Z")).users).toEqual(both);
    expect((await until("2026-11-09T08:00:00.001Z")).users).toEqual(["acme 0", "bolt 0", "core 2"]);
    await dispose();
  });

  it("is today's where it says whom no report counts", async () => {
    const { until, exclude, dispose } = await serve(open, `${name}-ours`, [
      ...move,
      joins("tom", "ours", "2026-11-05T08:00:00Z", { internal: true }),
      used("tom", "2026-10-06T09:00:00Z"),
    ]);
    expect((await until("2026-11-01")).users).toEqual(["acme 2", "bolt 0"]);
    await exclude({ account: { internal: true } });
    expect(await until("2026-11-01")).toEqual(OF_ACME);
    await dispose();
  });

  it("is told to the millisecond where they go to and fro within minutes", async () => {
    const minutes = (minute: number) => new Date(Date.UTC(2026, 10, 3, 8, 0, minute * 60)).toISOString();
    const onPhone = (groupId: string, timestamp: string) => {
      const { userId: _, ...nameless } = joins("", groupId, timestamp);
      return { ...nameless, anonymousId: "phone" };
    };
    const { until, take, dispose } = await serve(open, `${name}-fro`, [
      ...move,
      said("ann", "2026-10-02T08:00:00Z", { type: "identify", anonymousId: "phone" }),
      onPhone("acme", minutes(4)),
      joins("ann", "bolt", minutes(5)),
      onPhone("acme", minutes(6)),
      joins("ann", "bolt", minutes(12)),
      onPhone("acme", minutes(13)),
      joins("ann", "bolt", minutes(13.5)),
      joins("ann", "bolt", minutes(14)),
    ]);
    const after = (minute: number) => minutes(minute).replace(".000", ".001");
    const isAcmes = async (to: string) => (await until(to)).own[1] === 0;
    const told: boolean[] = [];
    for (const minute of [4, 5, 6, 12, 13, 14])
      told.push(await isAcmes(minutes(minute)), await isAcmes(after(minute)));
    expect(told).toEqual([
      ...[false, true, true, false, false, true],
      ...[true, false, false, true, false, false],
    ]);
    // Nobody vouched for these.
    await take([joins("ann", "acme", minutes(7)), joins("ann", "bolt", minutes(8))], PUBLIC_KEY);
    expect(await isAcmes(minutes(10))).toBe(false);
    expect(await until(minutes(10), "&verified=only")).toEqual(OF_ACME);
    await dispose();
  });
});
