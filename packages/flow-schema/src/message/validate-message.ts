import type { Message } from "../event.ts";
import type { Problem } from "../problem.ts";
import { compileMessage } from "./compile-message.ts";
import { faultOf } from "./fault.ts";

/** A message that may be stored, or the first thing that is wrong with it. */
export type MessageValidation =
  | { readonly ok: true; readonly value: Message }
  | { readonly ok: false; readonly problem: Problem };

type Fields = { readonly [key: string]: unknown };

const isMessage = compileMessage();

/**
 * Checks one message of the Segment spec against the schema, as ajv compiled it. Unknown fields pass (other clients
 * send more); ids that are null or empty, as some clients send them, are left out of the value. Never throws.
 */
export function validateMessage(value: unknown, file = "message"): MessageValidation {
  try {
    if (isMessage(value)) return { ok: true, value: withoutEmptyIds(value as Fields) as unknown as Message };
    return { ok: false, problem: { file, ...faultOf(isMessage.errors?.at(-1)) } };
  } catch {
    const problem = {
      path: "",
      code: "not-json",
      message: "the message throws when it is read",
      fix: "send plain JSON",
    } as const;
    return { ok: false, problem: { file, ...problem } };
  }
}

/** Copies only where it must: the usual message comes back as it is. */
function withoutEmptyIds(message: Fields): Fields {
  const { userId, anonymousId, groupId, name } = message;
  if (
    userId !== null &&
    userId !== "" &&
    anonymousId !== null &&
    anonymousId !== "" &&
    groupId !== null &&
    groupId !== "" &&
    name !== null
  )
    return message;
  const kept: { [key: string]: unknown } = { ...message };
  for (const key of ["userId", "anonymousId", "groupId", "name"]) {
    if (kept[key] === null || (kept[key] === "" && key !== "name")) delete kept[key];
  }
  return kept;
}
