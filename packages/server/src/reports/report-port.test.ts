import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { startReportThread } from "../start-report-thread.ts";
import { openSqliteStorage } from "../storage/sqlite/sqlite-storage.ts";
import { createReportPort } from "./report-port.ts";
import { createReports } from "./reports.ts";

const folder = mkdtempSync(join(tmpdir(), "cairn-report-port-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const AT = Date.parse("2026-11-02T00:00:00Z");
const query = { from: AT, to: AT + 86_400_000, timezone: "UTC" };
const feature = {
  id: "export",
  name: "Export",
  uses: [{ event: "exported", where: { format: "pdf" } }],
  activated: { count: 1, within: "1d" },
};

describe("the reports' thread", () => {
  it("says what reports on this thread say, of everything committed until then, and refuses as they do", async () => {
    const path = join(folder, "cairn.db");
    const storage = await openSqliteStorage(path);
    const here = createReports(storage);
    const port = createReportPort(() => startReportThread({ sqlite: path }));
    const put = { type: "put", kind: "feature", id: "export", body: feature as never } as const;
    expect(await storage.change("one", 0, [put], AT)).toBe(true);
    for (let round = 0; round < 3; round++) {
      await storage.append("one", [
        {
          messageId: `m${round}`,
          type: "track",
          name: "exported",
          at: AT + round,
          receivedAt: AT,
          verified: false,
          userId: `u${round}`,
          anonymousId: null,
          accountId: null,
          active: true,
          body: '{"properties":{"format":"pdf"}}',
        },
      ]);
      const found = await port.activation("one", query);
      expect(found.features[0]?.states.activated).toBe(round + 1);
      expect(found).toEqual(await here.activation("one", query));
    }
    await expect(port.funnel("one", { ...query, flow: "none" })).rejects.toMatchObject({ status: 404 });
    await port.close();
    await storage.dispose();
  });
});
