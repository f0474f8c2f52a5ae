import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { SPAWNED_SECRET_KEY, spawnServer } from "./spawn-server.ts";

const folder = mkdtempSync(join(tmpdir(), "cairn-stop-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("a server that is told to stop", () => {
  it("says so at /readyz while it still answers, then refuses connections and ends with 0", async () => {
    // Longer than any machine takes to ask; what is told does not depend on it.
    const { url, child, exited } = await spawnServer(folder, { env: { CAIRN_STOP_DELAY: "4" } });
    const ready = async () => await fetch(`${url}/readyz`);
    const headers = { authorization: `Bearer ${SPAWNED_SECRET_KEY}` };
    const track = async (messageId: string) => {
      const body = JSON.stringify({ messageId, userId: "ana", event: "report.viewed" });
      return (await fetch(`${url}/v1/track`, { method: "POST", headers, body })).status;
    };
    expect((await ready()).status).toBe(200);
    child.kill("SIGTERM");
    let answer = await ready();
    while (answer.status === 200) answer = await ready();
    expect(answer.status).toBe(503);
    expect(await answer.json()).toMatchObject({
      error: { code: "unavailable", message: "The server is stopping." },
    });
    expect((await fetch(`${url}/livez`)).status).toBe(200);
    expect(await track("late")).toBe(200);
    expect(await exited).toEqual([0, null]);
    await expect(ready()).rejects.toThrow();
  });
});
