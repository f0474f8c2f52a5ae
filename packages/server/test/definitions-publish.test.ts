import { describe, expect, it } from "vitest";
import { publishFlows } from "../src/definitions/publish.ts";
import { approveFlow, needsSecondPerson } from "../src/definitions/reviews.ts";
import { runDueSchedules, startScheduler } from "../src/definitions/schedules.ts";
import { putDefinition } from "../src/definitions/workspace.ts";
import type { Storage } from "../src/storage/storage.ts";
import { storeOfRun } from "./store-of-run.ts";
import { createTestServer, NOW, tooltip } from "./test-server.ts";

const HOUR = 3_600_000;
const at = (ms: number) => new Date(NOW + ms).toISOString();
/** A tooltip whose audience can hold for nobody: lint proves it. */
const impossible = (id: string) =>
  tooltip(id, { audience: { all: [{ user: { plan: "pro" } }, { not: { user: { plan: "pro" } } }] } });
type Named = { id: string; version: number };

function server() {
  let now = NOW;
  const test = createTestServer({ now: () => now });
  const status = async (method: string, path: string, body?: unknown) =>
    (await test.send(method, path, body)).status;
  const live = async () => {
    const config = (await (await test.send("GET", "/v1/config")).json()) as {
      flows: (Named & { name?: string })[];
    };
    return config.flows.map(({ id, version, name }) => [id, version, name ?? null]);
  };
  const audit = async (query = "") =>
    (
      (await (await test.send("GET", `/v1/audit${query}`)).json()) as {
        entries: {
          id: number;
          actor: string;
          action: string;
          subject: string;
          before: number | null;
          after: number | null;
          note: string | null;
        }[];
      }
    ).entries;
  return { ...test, status, live, audit, pass: (ms: number) => (now += ms) };
}

describe("publishing", () => {
  it("is refused where lint proves that something can never work, and says so as the validator does", async () => {
    const { send, status, live } = server();
    await send("PUT", "/v1/flows/good", tooltip("good"));
    await send("PUT", "/v1/flows/bad", impossible("bad"));
    const refused = await send("POST", "/v1/publish", { flows: ["good", "bad"] });
    expect(refused.status).toBe(422);
    expect(await refused.json()).toMatchObject({
      error: {
        code: "invalid-definition",
        details: {
          problems: [{ file: "flows/bad", code: "never-true", path: expect.stringContaining("/audience") }],
        },
      },
    });
    expect(await live()).toEqual([]);
    expect(await status("POST", "/v1/flows/good/publish", {})).toBe(200);
  });

  it("cannot be got round by what takes effect without it: a segment, the settings", async () => {
    const { send, status, live } = server();
    const paying = (plan: string) => ({ id: "paying", where: { user: { plan } } });
    expect(await status("PUT", "/v1/segments/paying", paying("pro"))).toBe(201);
    const audience = { all: [{ segment: "paying" }, { user: { plan: "pro" } }] };
    await send("PUT", "/v1/flows/a", tooltip("a", { audience }));
    const weights = { tooltip: 5 };
    const roomy = { budget: { weights, perSession: 5, perDay: 5 } };
    expect(await status("PUT", "/v1/settings", roomy)).toBe(200);
    expect(await status("POST", "/v1/flows/a/publish", {})).toBe(200);
    const before = await live();
    const refused = async (method: string, path: string, body?: unknown) => {
      const answer = await send(method, path, body);
      const { error } = (await answer.json()) as { error: { details: { problems: object[] } } };
      return [answer.status, error.details.problems];
    };
    expect(await refused("PUT", "/v1/segments/paying", paying("free"))).toEqual([
      422,
      [expect.objectContaining({ file: "flows/a", code: "never-true" })],
    ]);
    expect(await refused("PUT", "/v1/settings", { budget: { weights } })).toEqual([
      422,
      [expect.objectContaining({ file: "flows/a", code: "never-fits-budget" })],
    ]);
    expect(await live()).toEqual(before);
    // What stops everything is never refused.
    expect(await status("PUT", "/v1/settings", { ...roomy, enabled: false })).toBe(200);
  });

  it("takes what many write and publish at the same moment, one after the other", async () => {
    const { send, live } = server();
    const ids = Array.from({ length: 20 }, (_, i) => `f${`${i}`.padStart(2, "0")}`);
    const all = async (act: (id: string) => Promise<Response>) =>
      new Set((await Promise.all(ids.map(act))).map(({ status }) => status));
    expect(await all((id) => send("PUT", `/v1/flows/${id}`, tooltip(id)))).toEqual(new Set([201]));
    expect(await all((id) => send("POST", `/v1/flows/${id}/publish`, {}))).toEqual(new Set([200]));
    expect(await live()).toEqual(ids.map((id) => [id, 1, null]));
  });

  it("goes on with warnings, and is not held up by what was live before lint knew better", async () => {
    const { send, deps } = server();
    await deps.storage.change(
      "production",
      0,
      [{ type: "publish", flow: "old", body: impossible("old") as never, note: null }],
      NOW,
    );
    await send("PUT", "/v1/flows/new", tooltip("new"));
    const published = await send("POST", "/v1/flows/new/publish", {});
    expect(published.status).toBe(200);
    const { warnings } = (await published.json()) as { warnings: { code: string; flow: string }[] };
    expect(warnings).toContainEqual(expect.objectContaining({ code: "never-true", flow: "old" }));
  });

  it("tells who did what in the audit log, with the numbers before and after", async () => {
    const { send, audit } = server();
    await send("PUT", "/v1/flows/a", tooltip("a"));
    await send("PUT", "/v1/flows/a", tooltip("a", { name: "Two" }));
    await send("POST", "/v1/flows/a/publish", { note: "first" });
    await send("POST", "/v1/flows/a/publish", {});
    await send("POST", "/v1/flows/a/rollback", { version: 1 });
    await send("PUT", "/v1/settings", { enabled: false });
    await send("DELETE", "/v1/flows/a");
    const entries = await audit();
    expect(
      entries.map(({ action, subject, before, after, note }) => [action, subject, before, after, note]),
    ).toEqual([
      ["delete", "flows/a", 2, null, null],
      ["put", "settings", null, 6, null],
      ["rollback", "flows/a", 2, 3, "Back to version 1"],
      ["publish", "flows/a", 1, 2, null],
      ["publish", "flows/a", null, 1, "first"],
      ["put", "flows/a", 1, 2, null],
      ["put", "flows/a", null, 1, null],
    ]);
    expect(new Set(entries.map(({ actor }) => actor)).size).toBe(1);
    expect(await audit("?subject=settings")).toHaveLength(1);
    expect(await audit(`?limit=2&before=${entries[4]?.id}`)).toEqual(entries.slice(5));
    const versions = (await (await send("GET", "/v1/flows/a/versions")).json()) as {
      versions: { author: string }[];
    };
    expect(versions.versions.map(({ author }) => author)).toEqual(Array(3).fill(entries[0]?.actor));
  });

  it("writes nothing down that was refused", async () => {
    const { send, audit } = server();
    await send("PUT", "/v1/flows/a", tooltip("a", { colour: "red" }));
    await send("POST", "/v1/publish", { flows: ["none"] });
    await send("DELETE", "/v1/flows/none");
    expect(await audit()).toEqual([]);
  });
});

describe("a plan", () => {
  it("publishes at its time what was there when it was made", async () => {
    const { send, deps, live, audit, pass } = server();
    for (const id of ["a", "b"]) await send("PUT", `/v1/flows/${id}`, tooltip(id, { name: "As planned" }));
    const planned = await send("POST", "/v1/publish", { flows: ["a", "b"], note: "launch", at: at(HOUR) });
    expect(planned.status).toBe(202);
    expect(await planned.json()).toMatchObject({
      scheduled: { at: at(HOUR), flows: ["a", "b"], note: "launch", failure: null },
    });
    await send("PUT", "/v1/flows/a", tooltip("a", { name: "Later thoughts" }));
    pass(HOUR - 1);
    expect(await runDueSchedules(deps, "production")).toBe(0);
    expect(await live()).toEqual([]);
    pass(1);
    expect(await runDueSchedules(deps, "production")).toBe(1);
    expect(await live()).toEqual([
      ["a", 1, "As planned"],
      ["b", 1, "As planned"],
    ]);
    expect(await runDueSchedules(deps, "production")).toBe(0);
    expect(await (await send("GET", "/v1/schedules")).json()).toEqual({ schedules: [] });
    expect((await audit()).map(({ action, subject }) => `${action} ${subject}`).slice(0, 2)).toEqual([
      "publish flows/b",
      "publish flows/a",
    ]);
  });

  it("keeps what it names from being deleted until it is taken back", async () => {
    const { send } = server();
    await send("PUT", "/v1/flows/a", tooltip("a"));
    const planned = await send("POST", "/v1/flows/a/publish", { at: at(HOUR) });
    const { scheduled } = (await planned.json()) as { scheduled: { id: string } };
    for (const refused of [
      await send("DELETE", "/v1/flows/a"),
      await send("POST", "/v1/apply", { delete: ["flows/a"], ifMatch: {} }),
    ]) {
      expect(refused.status).toBe(409);
      expect(await refused.json()).toMatchObject({
        error: {
          message: `The flow "a" is to be published at ${at(HOUR)}. Take that back first.`,
          details: { schedule: scheduled.id },
        },
      });
    }
    await send("DELETE", `/v1/schedules/${scheduled.id}`);
    expect((await send("DELETE", "/v1/flows/a")).status).toBe(204);
  });

  it("does not outlive its flow, nor a flow's end its plan, where both are asked for at the same moment", async () => {
    const storage = storeOfRun();
    /** What somebody else does just before something is written. */
    let meanwhile: (() => Promise<Response>) | undefined;
    const others: number[] = [];
    const other = async () => {
      const act = meanwhile;
      meanwhile = undefined;
      if (act) others.push((await act()).status);
    };
    const slow: Pick<Storage, "writeDocument" | "change"> = {
      async writeDocument(...write) {
        if (write[1].collection === "schedule") await other();
        return await storage.writeDocument(...write);
      },
      async change(environment, expected, changes, ...rest) {
        if (changes.some(({ type }) => type === "delete")) await other();
        return await storage.change(environment, expected, changes, ...rest);
      },
    };
    const both = new Proxy(storage, { get: (own, key) => Reflect.get(key in slow ? slow : own, key) });
    const { send } = createTestServer({ storage: both });
    const plan = () => send("POST", "/v1/flows/a/publish", { at: at(HOUR) });
    const gone = () => send("DELETE", "/v1/flows/a");
    const plans = async () =>
      ((await (await send("GET", "/v1/schedules")).json()) as { schedules: object[] }).schedules.length;

    await send("PUT", "/v1/flows/a", tooltip("a"));
    meanwhile = gone;
    expect((await plan()).status).toBe(404);
    expect([others, await plans()]).toEqual([[204], 0]);

    await send("PUT", "/v1/flows/a", tooltip("a"));
    meanwhile = plan;
    expect((await gone()).status).toBe(409);
    expect([others, await plans()]).toEqual([[204, 202], 1]);
  });

  it("is carried out once, however many processes look at it", async () => {
    const { send, deps, live, pass } = server();
    await send("PUT", "/v1/flows/a", tooltip("a"));
    await send("POST", "/v1/flows/a/publish", { at: at(HOUR) });
    pass(HOUR);
    const done = await Promise.all(Array.from({ length: 5 }, () => runDueSchedules(deps, "production")));
    expect(done.reduce((sum, n) => sum + n, 0)).toBe(1);
    expect(await live()).toEqual([["a", 1, null]]);
  });

  it("is taken over from a process that died over it, and published once", async () => {
    for (const died of ["before", "after"] as const) {
      const { send, deps, live, pass } = server();
      await send("PUT", "/v1/flows/a", tooltip("a"));
      await send("POST", "/v1/flows/a/publish", { at: at(HOUR) });
      pass(HOUR);
      if (died === "after") await send("POST", "/v1/flows/a/publish", {});
      const [row] = await deps.storage.documents("production", "schedule");
      const body = JSON.stringify({ ...JSON.parse(row?.body ?? ""), begun: deps.now() });
      await deps.storage.writeDocument(
        "production",
        { collection: "schedule", id: row?.id ?? "", expected: 1, body },
        deps.now(),
      );
      expect(await runDueSchedules(deps, "production")).toBe(0);
      pass(60_000);
      await runDueSchedules(deps, "production");
      expect(await live()).toEqual([["a", 1, null]]);
      expect(await deps.storage.documents("production", "schedule")).toEqual([]);
    }
  });

  it("says why it could not be carried out, and is not tried again", async () => {
    const { send, deps, live, pass } = server();
    await send("PUT", "/v1/flows/a", tooltip("a"));
    await send("POST", "/v1/flows/a/publish", { at: at(HOUR) });
    await send("POST", "/v1/flows/a/archive");
    pass(HOUR);
    await runDueSchedules(deps, "production");
    await runDueSchedules(deps, "production");
    const { schedules } = (await (await send("GET", "/v1/schedules")).json()) as {
      schedules: { id: string; failure: string }[];
    };
    expect(schedules[0]?.failure).toContain("archived");
    expect(await live()).toEqual([]);
    expect((await send("DELETE", `/v1/schedules/${schedules[0]?.id}`)).status).toBe(204);
  });

  it("can be taken back", async () => {
    const { send, deps, live, audit, pass, status } = server();
    await send("PUT", "/v1/flows/a", tooltip("a"));
    const { scheduled } = (await (await send("POST", "/v1/flows/a/publish", { at: at(HOUR) })).json()) as {
      scheduled: { id: string };
    };
    expect(await status("DELETE", `/v1/schedules/${scheduled.id}`)).toBe(204);
    expect(await status("DELETE", `/v1/schedules/${scheduled.id}`)).toBe(404);
    pass(HOUR);
    await runDueSchedules(deps, "production");
    expect(await live()).toEqual([]);
    expect((await audit("?limit=2")).map(({ action }) => action)).toEqual(["unschedule", "schedule"]);
  });

  it("is refused now where it would be refused then", async () => {
    const { send, status } = server();
    await send("PUT", "/v1/flows/a", tooltip("a"));
    await send("PUT", "/v1/flows/bad", impossible("bad"));
    expect(await status("POST", "/v1/publish", { flows: ["bad"], at: at(HOUR) })).toBe(422);
    expect(await status("POST", "/v1/publish", { flows: ["none"], at: at(HOUR) })).toBe(404);
    for (const wrong of [at(0), at(-HOUR), at(400 * 24 * HOUR), "tomorrow", "2026-12-01", 7])
      expect([wrong, await status("POST", "/v1/flows/a/publish", { at: wrong })]).toEqual([wrong, 400]);
  });

  it("is looked for while the server runs", async () => {
    const { send, deps, live, pass } = server();
    await send("PUT", "/v1/flows/a", tooltip("a"));
    await send("POST", "/v1/flows/a/publish", { at: at(HOUR) });
    pass(HOUR);
    const stop = startScheduler(deps, ["staging", "production"], 5);
    while ((await live()).length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    await stop();
    expect(await live()).toEqual([["a", 1, null]]);
  });
});

describe("archiving", () => {
  it("takes a flow out of the config and the list, keeps all of it, and brings it back as a draft", async () => {
    const { send, status, live } = server();
    await send("PUT", "/v1/flows/a", tooltip("a"));
    await send("POST", "/v1/flows/a/publish", {});
    expect(await status("POST", "/v1/flows/a/archive")).toBe(204);
    expect(await live()).toEqual([]);
    const ids = async (query = "") =>
      ((await (await send("GET", `/v1/flows${query}`)).json()) as { flows: Named[] }).flows.map(
        ({ id }) => id,
      );
    expect([await ids(), await ids("?archived=true")]).toEqual([[], ["a"]]);
    const archived = async () => (await send("GET", "/v1/flows/a")).headers.get("X-Cairn-Archived");
    expect(await archived()).toBe(at(0));
    expect(await status("GET", "/v1/flows/a/versions")).toBe(200);
    expect(await status("PUT", "/v1/flows/a", tooltip("a", { name: "New" }))).toBe(409);
    expect(await status("POST", "/v1/flows/a/publish", {})).toBe(409);
    expect(await status("POST", "/v1/flows/a/rollback", { version: 1 })).toBe(409);
    expect(await status("POST", "/v1/flows/a/archive")).toBe(204);
    expect(await status("POST", "/v1/flows/a/restore")).toBe(204);
    expect([await ids(), await live(), await archived()]).toEqual([["a"], [], null]);
    expect(await status("POST", "/v1/flows/a/publish", {})).toBe(200);
    expect(await live()).toEqual([["a", 2, null]]);
    for (const what of ["archive", "restore"])
      expect(await status("POST", `/v1/flows/none/${what}`)).toBe(404);
  });

  it.each([
    ["publish", {}],
    ["publish", { at: "2026-11-30T09:00:00+01:00" }],
    ["rollback", { version: 1 }],
    ["archive", undefined],
    ["restore", undefined],
  ])(
    "and every other deed is not done to a draft that has changed since it was read: %s %j",
    async (deed, body) => {
      const { send, live } = server();
      const first = (await send("PUT", "/v1/flows/a", tooltip("a"))).headers.get("etag") ?? "";
      await send("POST", "/v1/flows/a/publish", {});
      const second =
        (await send("PUT", "/v1/flows/a", tooltip("a", { name: "New" }))).headers.get("etag") ?? "";
      if (deed === "restore") await send("POST", "/v1/flows/a/archive");
      const before = await live();
      const doIt = (ifMatch: string) => send("POST", `/v1/flows/a/${deed}`, body, { "if-match": ifMatch });
      const stale = await doIt(first);
      expect([stale.status, ((await stale.json()) as { error: { code: string } }).error.code]).toEqual([
        412,
        "precondition-failed",
      ]);
      expect(await live()).toEqual(before);
      expect((await (await send("GET", "/v1/schedules")).json()) as object).toEqual({ schedules: [] });
      expect((await doIt(second)).status).toBeLessThan(300);
    },
  );

  it("is refused while another flow needs it", async () => {
    const { send, status } = server();
    await send("PUT", "/v1/flows/a", tooltip("a"));
    const start = [{ id: "go", label: "Go", do: { start: "a" } }];
    const steps = [{ id: "one", target: { anchor: "x" }, title: "T", actions: start }];
    await send("PUT", "/v1/flows/b", tooltip("b", { steps }));
    expect(await status("POST", "/v1/flows/a/archive")).toBe(409);
  });
});

describe("a second person", () => {
  const audience = { user: { plan: "pro" } };
  it("is needed for what is critical, for modals, and for what everybody gets", () => {
    const needs = (more: object) =>
      needsSecondPerson(tooltip("a", { audience, ...more }) as never, { features: [], segments: [] }) !==
      undefined;
    expect(needs({})).toBe(false);
    expect(needs({ critical: true })).toBe(true);
    expect(needs({ kind: "modal" })).toBe(true);
    for (const nobody of [undefined, null, { all: [] }, { all: [{ all: [] }] }])
      expect(needs({ audience: nobody })).toBe(true);
    expect(needs({ audience: { any: [] } })).toBe(false);
  });

  it("wrote the draft, approved it as it is, or publishes it", async () => {
    const { deps } = server();
    const person = (name: string) => ({ kind: "person", environment: "production", name }) as const;
    const write = (name: string, id: string, more: object = {}) =>
      putDefinition(deps, person(name), "flow", id, tooltip(id, more), undefined);
    const publish = (name: string, id: string) =>
      publishFlows(deps, person(name), [id], null).then(
        () => "published",
        (thrown: { cause: { code: string } }) => thrown.cause.code,
      );
    await write("anna", "everyone");
    expect(await publish("anna", "everyone")).toBe("needs-approval");
    expect(await publish("boris", "everyone")).toBe("published");
    await write("anna", "everyone", { name: "Two" });
    await approveFlow(deps, person("anna"), "everyone");
    expect(await publish("anna", "everyone")).toBe("needs-approval");
    await approveFlow(deps, person("boris"), "everyone");
    // What was approved is one revision, and not what comes after it.
    await write("anna", "everyone", { name: "Three" });
    expect(await publish("anna", "everyone")).toBe("needs-approval");
    await approveFlow(deps, person("boris"), "everyone");
    expect(await publish("anna", "everyone")).toBe("published");
    await write("anna", "some", { audience });
    expect(await publish("anna", "some")).toBe("published");
    // Keys publish what was reviewed where it came from.
    await write("anna", "key");
    const key = { kind: "secret", environment: "production", name: "anna" } as const;
    await publishFlows(deps, key, ["key"], null);
  });
});
