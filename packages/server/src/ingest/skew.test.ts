import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createTestServer, NOW } from "../../test/test-server.ts";
import { SKEW_TOLERANCE_MS } from "./skew.ts";

const iso = (at: number) => new Date(at).toISOString();
const HOUR = 3_600_000;
const track = (messageId: string, at: number, more: object = {}) => ({
  type: "track",
  messageId,
  event: "report.viewed",
  userId: "u1",
  timestamp: iso(at),
  ...more,
});
type Line = { readonly [name: string]: unknown };

/** What is stored of these bodies, by message id, without what the server says of every message. */
async function stored(
  bodies: readonly (readonly [path: string, body: object])[],
): Promise<ReadonlyMap<unknown, Line>> {
  const { send } = createTestServer();
  for (const [path, body] of bodies) expect((await send("POST", path, body)).status).toBe(200);
  const text = await (await send("GET", "/v1/events")).text();
  const lines = text.split("\n").filter(Boolean);
  return new Map(
    lines.map((line) => {
      const { receivedAt: _, verified: __, ...rest } = JSON.parse(line) as Line;
      return [rest.messageId, rest];
    }),
  );
}
const batch = (sentAt: unknown, ...messages: object[]) => ["/v1/batch", { sentAt, batch: messages }] as const;

describe("a wrong clock", () => {
  it.each([
    ["ahead", 3 * HOUR],
    ["far behind", -40 * 24 * HOUR],
    ["ahead by a little more than is forgiven", SKEW_TOLERANCE_MS + 1],
    ["behind by a little more than is forgiven", -SKEW_TOLERANCE_MS - 1],
  ])("is put right by sentAt: %s", async (_, skew) => {
    const at = NOW - 5 * HOUR;
    const lines = await stored([batch(iso(NOW + skew), track("m", at + skew))]);
    expect(lines.get("m")).toEqual(track("m", at, { originalTimestamp: iso(at + skew) }));
  });

  it.each([0, SKEW_TOLERANCE_MS, -SKEW_TOLERANCE_MS, -20_000])(
    "is not seen in %d ms, which the network may take, and the message stays as it was sent",
    async (skew) => {
      const sent = track("m", NOW - HOUR);
      expect((await stored([batch(iso(NOW + skew), sent)])).get("m")).toEqual(sent);
    },
  );

  it.each([
    undefined,
    null,
    "",
    "now",
    7,
    NOW,
    "2026-01-01",
    "2026-01-01T00:00:00",
    "2026-02-30T00:00:00Z",
    {},
    [iso(NOW - HOUR)],
  ])("is not told by sentAt %j", async (sentAt) => {
    const sent = track("m", NOW - HOUR);
    expect((await stored([batch(sentAt, sent)])).get("m")).toEqual(sent);
  });

  it("never puts anything after its arrival, and leaves the future to a clock that is right", async () => {
    const lines = await stored([
      batch(iso(NOW - HOUR), track("later", NOW)),
      batch(iso(NOW), track("planned", NOW + HOUR)),
    ]);
    expect([lines.get("later")?.timestamp, lines.get("planned")?.timestamp]).toEqual([
      iso(NOW),
      iso(NOW + HOUR),
    ]);
  });

  it("is told by a message's own sentAt where the batch has none", async () => {
    const own = { sentAt: iso(NOW + HOUR) };
    const lines = await stored([
      batch(undefined, track("a", NOW, own), track("b", NOW - HOUR)),
      batch(iso(NOW), track("c", NOW - HOUR, own)),
      ["/v1/track", track("d", NOW, own)],
    ]);
    expect([..."abcd"].map((id) => [id, lines.get(id)?.timestamp])).toEqual(
      [..."abcd"].map((id) => [id, iso(NOW - HOUR)]),
    );
    expect([..."abcd"].map((id) => "originalTimestamp" in (lines.get(id) ?? {}))).toEqual([
      true,
      false,
      false,
      true,
    ]);
  });

  it("is counted from originalTimestamp where there is one, and an absent time is the arrival", async () => {
    const skew = 2 * HOUR;
    const { timestamp: _, ...timeless } = track("none", 0);
    const lines = await stored([
      batch(
        iso(NOW + skew),
        track("both", NOW, { originalTimestamp: iso(NOW + HOUR) }),
        track("bad", NOW + HOUR, { originalTimestamp: "soon" }),
        { ...timeless, messageId: "only", originalTimestamp: iso(NOW + HOUR) },
        timeless,
      ),
    ]);
    expect(
      ["both", "bad", "only"].map((id) => [lines.get(id)?.timestamp, lines.get(id)?.originalTimestamp]),
    ).toEqual(Array(3).fill([iso(NOW - HOUR), iso(NOW + HOUR)]));
    expect(lines.get("none")).toEqual({ ...timeless, timestamp: iso(NOW) });
  });

  it("moves nothing twice: what was received before keeps its time", async () => {
    const sent = track("m", NOW - HOUR, {
      sentAt: iso(NOW - 9 * HOUR),
      originalTimestamp: iso(NOW - 10 * HOUR),
    });
    const lines = await stored([batch(undefined, { ...sent, receivedAt: iso(NOW - HOUR), verified: true })]);
    expect(lines.get("m")).toEqual(sent);
  });

  it("moves with it the moments that the SDK tells inside", async () => {
    const skew = -HOUR;
    const cairn = { session: "s", seq: 1, tab: "t", sdk: "1" };
    const held = (shift: number) => ({
      event: "cairn.flow.held",
      properties: {
        flow: "f",
        reason: "budget",
        count: 2,
        from: NOW - 9_000 + shift,
        to: NOW - 5_000 + shift,
      },
      context: { cairn: { ...cairn, decidedAt: iso(NOW - 5_000 + shift) } },
    });
    const lines = await stored([batch(iso(NOW + skew), track("m", NOW - 1_000 + skew, held(skew)))]);
    expect(lines.get("m")).toMatchObject({ timestamp: iso(NOW - 1_000), ...held(0) });
  });

  it("does not make a time of what is none: a zone must be said", async () => {
    const { send } = createTestServer();
    for (const sentAt of [iso(NOW), iso(NOW - HOUR)]) {
      const batch = [
        track("m", NOW, { timestamp: "2026-11-20T10:00:00" }),
        track("n", NOW, { timestamp: "soon" }),
      ];
      const answer = (await (await send("POST", "/v1/batch", { sentAt, batch })).json()) as {
        rejected: { code: string }[];
      };
      expect(answer.rejected.map(({ code }) => code)).toEqual(["bad-date", "bad-date"]);
    }
  });

  it("is no error, however wrong it is", async () => {
    const { send } = createTestServer();
    const year = fc.constantFrom("0001", "0099", "1970", "2026", "9999");
    await fc.assert(
      fc.asyncProperty(year, year, fc.uuid(), async (sent, said, id) => {
        const message = { ...track(id, NOW), timestamp: `${said}-01-01T00:00:00Z` };
        const body = { sentAt: `${sent}-06-01T00:00:00Z`, batch: [message] };
        const answer = await send("POST", "/v1/batch", body);
        expect(answer.status).toBe(200);
        const { accepted, rejected } = (await answer.json()) as { accepted: number; rejected: unknown[] };
        expect(accepted + rejected.length).toBe(1);
      }),
      { numRuns: 40, seed: 20_261_122 },
    );
  });
});
