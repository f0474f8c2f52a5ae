import type { BatchResult, Message } from "@cairn/flow-schema";
import { readDefinitions } from "./definitions.ts";
import { sampleHistory } from "./history.ts";

export interface SeedOptions {
  /** Where the server listens, `http://localhost:8787`. */
  readonly url: string;
  readonly secretKey: string;
  readonly publicKey: string;
  /** The history ends at the midnight (UTC) before this moment; epoch ms. */
  readonly now: number;
  /** Says what is being done, in whole sentences. */
  readonly log: (line: string) => void;
}

export interface SeedResult {
  /** `false` where the definitions were there already: then nothing was written. */
  readonly seeded: boolean;
  readonly flows: number;
  readonly messages: number;
}

const BATCH = 1_000;

/**
 * Fills a demo server with Saldo's flows, features, segments, settings and ninety days of sample history, through
 * the public HTTP API. Flows come last, so their presence means that all of it is there. Throws where the server
 * refuses something.
 */
export async function seedDemo({ url, secretKey, publicKey, now, log }: SeedOptions): Promise<SeedResult> {
  const ask = async (
    method: string,
    path: string,
    body?: unknown,
  ): Promise<{ status: number; text: string }> => {
    const answer = await fetch(new URL(path, url), {
      method,
      headers: { authorization: `Bearer ${secretKey}`, "content-type": "application/json" },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return { status: answer.status, text: await answer.text() };
  };
  const must = async (method: string, path: string, body?: unknown): Promise<string> => {
    const { status, text } = await ask(method, path, body);
    if (status >= 300) throw new Error(`${method} ${path} answered ${status}: ${text.slice(0, 2_000)}`);
    return text;
  };

  const definitions = readDefinitions();
  const stored = JSON.parse(await must("GET", "/v1/flows")) as {
    readonly flows: readonly { readonly id: string }[];
  };
  if (definitions.flows.some((flow) => stored.flows.some(({ id }) => id === flow.id)))
    return { seeded: false, flows: 0, messages: 0 };

  for (const segment of definitions.segments) await must("PUT", `/v1/segments/${segment.id}`, segment);
  for (const feature of definitions.features) await must("PUT", `/v1/features/${feature.id}`, feature);
  await must("PUT", "/v1/settings", definitions.settings);

  const messages = sampleHistory(now);
  log(`Sending sample data: ${messages.length} messages of 400 invented people.`);
  for (let from = 0; from < messages.length; from += BATCH)
    await sendBatch(url, publicKey, messages.slice(from, from + BATCH));

  // A flow may name another flow; those that are refused for that are tried again after the others.
  let waiting = [...definitions.flows];
  while (waiting.length > 0) {
    const refused: { readonly flow: { readonly id: string }; readonly text: string }[] = [];
    for (const flow of waiting) {
      const { status, text } = await ask("PUT", `/v1/flows/${flow.id}`, flow);
      if (status >= 300) refused.push({ flow, text });
    }
    const first = refused[0];
    if (first !== undefined && refused.length === waiting.length)
      throw new Error(`PUT /v1/flows/${first.flow.id} was refused: ${first.text.slice(0, 2_000)}`);
    waiting = refused.map(({ flow }) => flow);
  }
  await must("POST", "/v1/publish", {
    flows: definitions.flows.map((flow) => flow.id),
    note: "Sample flows of the demo",
  });
  return { seeded: true, flows: definitions.flows.length, messages: messages.length };
}

async function sendBatch(url: string, writeKey: string, batch: readonly Message[]): Promise<void> {
  const answer = await fetch(new URL("/v1/batch", url), {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ writeKey, batch }),
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`POST /v1/batch answered ${answer.status}: ${text.slice(0, 2_000)}`);
  const result = JSON.parse(text) as BatchResult;
  const refused = result.rejected[0];
  if (refused !== undefined) throw new Error(`The server refused a sample message: ${refused.message}`);
}
