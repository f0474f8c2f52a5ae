import type { JsonObject } from "@cairn/flow-schema";
import type { EventRecord } from "../storage/storage.ts";

/** One recorded event, with what the reports read from it. */
export interface GuidanceEvent {
  readonly name: string;
  readonly at: number;
  /** Number of the message in its session and tab; 0 where it has none. */
  readonly seq: number;
  readonly messageId: string;
  readonly flow: string;
  readonly run: string | undefined;
  readonly properties: JsonObject;
  /** When the engine decided; the event itself may come later. */
  readonly decidedAt: number;
  readonly page: string | undefined;
}

interface Body {
  readonly properties?: JsonObject | null;
  readonly context?: {
    readonly page?: { readonly path?: unknown; readonly url?: unknown } | null;
    readonly cairn?: { readonly seq?: unknown; readonly run?: unknown; readonly decidedAt?: unknown } | null;
  } | null;
}

/** Reads a recorded event; `undefined` where it names no flow. */
export function readGuidance({ name, at, messageId, body }: EventRecord): GuidanceEvent | undefined {
  const { properties, context } = JSON.parse(body) as Body;
  const flow = properties?.flow;
  if (properties === undefined || properties === null || typeof flow !== "string") return undefined;
  const cairn = context?.cairn;
  const run = properties.run ?? cairn?.run;
  const decidedAt = typeof cairn?.decidedAt === "string" ? Date.parse(cairn.decidedAt) : Number.NaN;
  const page = context?.page?.path ?? context?.page?.url;
  return {
    name,
    at,
    seq: typeof cairn?.seq === "number" ? cairn.seq : 0,
    messageId,
    flow,
    run: typeof run === "string" ? run : undefined,
    properties,
    decidedAt: Number.isNaN(decidedAt) ? at : decidedAt,
    page: typeof page === "string" ? page : undefined,
  };
}
