import { hc } from "hono/client";
import { describe, expect, it } from "vitest";
import type { Api } from "../api/client.ts";
import { archive, publish } from "./flow-api.ts";

/** A server that takes everything, and what it was sent. */
function listening() {
  const sent: (readonly [path: string, ifMatch: string | null])[] = [];
  const answer = async (input: RequestInfo | URL, init?: RequestInit) => {
    sent.push([new URL(`${input}`).pathname, new Headers(init?.headers).get("if-match")]);
    return new Response(JSON.stringify({ version: 3 }), { headers: { "content-type": "application/json" } });
  };
  return { api: hc("http://localhost", { fetch: answer }) as unknown as Api, sent };
}

describe("a flow", () => {
  it("is published and put away only as it was read", async () => {
    const { api, sent } = listening();
    expect(await publish(api, "a", '"7"', "why", undefined)).toEqual({ type: "live", version: 3 });
    await archive(api, "a", '"8"', true);
    await archive(api, "a", '"9"', false);
    await publish(api, "a", undefined, "", undefined);
    expect(sent).toEqual([
      ["/v1/flows/a/publish", '"7"'],
      ["/v1/flows/a/archive", '"8"'],
      ["/v1/flows/a/restore", '"9"'],
      ["/v1/flows/a/publish", null],
    ]);
  });
});
