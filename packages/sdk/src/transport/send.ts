import type { Message } from "@cairn/flow-schema";
import type { Clock } from "../ports.ts";
import type { Outcome } from "./queue.ts";
import type { Request } from "./request.ts";

/**
 * Posts one Segment batch, as `text/plain`; never rejects. `keepalive` lets it outlive the page, with 60,000 bytes
 * at most.
 */
export type Send = (batch: readonly Message[], keepalive?: boolean) => Promise<Outcome | undefined>;
/** The same, with a user token that makes the person's events verified ones. */
export type Post = (
  batch: readonly Message[],
  keepalive?: boolean,
  token?: string,
) => Promise<Outcome | undefined>;

export const createSend =
  ({
    request,
    clock,
    key,
    toText,
  }: {
    request: Request;
    clock: Clock;
    key: string;
    toText: (value: unknown) => string;
  }): Post =>
  (batch, keepalive = false, token) => {
    const sentAt = new Date(clock.now()).toISOString();
    const body = toText({ writeKey: key, sentAt, token, batch });
    return request("/v1/batch", { method: "POST", body, keepalive }, async (answer) => ({
      status: answer.status,
      // A hotel's login page answers 200 too: only the server's own words count as stored.
      ok: answer.ok && typeof (await answer.json().catch(() => null))?.accepted === "number",
      retryAfter: answer.headers.get("Retry-After"),
    }));
  };
