import type { Finding } from "@cairn/engine/lint";
import type { Feature, Flow, Segment, Settings } from "@cairn/flow-schema";
import { z } from "@hono/zod-openapi";
import { ERROR_CODES } from "../errors.ts";

/** Definitions are checked by the one validator of @cairn/flow-schema; here they only have a name and a type. */
const see = "See `/v1/schema/flow.json` for the whole format.";
export const flowSchema = z.custom<Flow>().openapi("Flow", { type: "object", description: `A flow. ${see}` });
export const featureSchema = z
  .custom<Feature>()
  .openapi("Feature", { type: "object", description: `A feature. ${see}` });
export const segmentSchema = z
  .custom<Segment>()
  .openapi("Segment", { type: "object", description: `A segment. ${see}` });
export const settingsSchema = z
  .custom<Settings>()
  .openapi("Settings", { type: "object", description: `The settings of an environment. ${see}` });

export const errorSchema = z
  .object({
    error: z.object({ code: z.enum(ERROR_CODES), message: z.string(), details: z.unknown().optional() }),
  })
  .openapi("Error");

/** What any route may answer that asks for a key. */
export const REFUSALS = {
  429: "Too many requests; `Retry-After` says when to come again.",
  503: "The store cannot be reached, or cannot write now; `Retry-After` says when to come again.",
} as const;
const WORDS: { readonly [status: number]: string } = {
  400: "The request is not understood.",
  401: "The key is missing or not known.",
  403: "The key may not do this, or not from this page.",
  404: "There is no such thing.",
  409: "It is still used by something else.",
  412: "It has changed since it was read (`If-Match`).",
  413: "The body is too large.",
  415: "The content type is not JSON.",
  422: "The definition is not valid; `details.problems` lists what is wrong, where, and what to write instead.",
  ...REFUSALS,
};

/** The error answers a route names in its description. */
export function errors<Status extends number>(...statuses: readonly Status[]) {
  const answer = (description: string) => ({
    description,
    content: { "application/json": { schema: errorSchema } },
  });
  return Object.fromEntries(statuses.map((status) => [status, answer(WORDS[status] ?? "Error")])) as {
    [status in Status]: ReturnType<typeof answer>;
  };
}

export const json = <T extends z.ZodType>(description: string, schema: T) => ({
  description,
  content: { "application/json": { schema } },
});

export const idParam = z.object({
  id: z.string().openapi({ param: { name: "id", in: "path" }, example: "first-export" }),
});
export const ifMatchHeader = z.object({
  "if-match": z
    .string()
    .optional()
    .openapi({ description: "The ETag that was read; 412 where it has changed." }),
});
/** Text that a store keeps in a column of its own: one cannot hold NUL, and one ends a text at it. */
export const textSchema = (most: number) =>
  z
    .string()
    .max(most)
    .refine((text) => !/\0|\p{Surrogate}/u.test(text), { message: "holds NUL or half a character" });
export const noteSchema = textSchema(2_000);
/** A moment that is meant to the second: with its zone. */
export const instantSchema = z.iso
  .datetime({ offset: true })
  .openapi({ type: "string", example: "2026-11-30T09:00:00+01:00" });
export const warningsSchema = z
  .array(z.custom<Finding>().openapi("Finding", { type: "object", description: "What lint says" }))
  .openapi({ description: "What lint says of the environment, and no reason to refuse" });
/** ISO 8601 with zone, or a date (00:00 UTC). */
export const momentSchema = z
  .string()
  .refine(
    (text) =>
      /^\d{4}-\d{2}-\d{2}(T[\d:.]+(Z|[+-]\d{2}:?\d{2}))?$/.test(text) && !Number.isNaN(Date.parse(text)),
    {
      message: "not a date or an ISO 8601 time with zone",
    },
  )
  .openapi({ type: "string", example: "2026-11-01" });

/** A public key, in the address: a browser sends no header for it. */
export const keyQuery = z.object({ key: z.string().optional().openapi({ example: "pk_demo" }) });

/** A moment as all answers write it. */
export const iso = (at: number): string => new Date(at).toISOString();

export const SECRET = [{ secretKey: [] }];
export const ANY_KEY = [{ secretKey: [] }, { publicKey: [] }];
