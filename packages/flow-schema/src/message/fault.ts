import type { ErrorObject } from "ajv";
import { MESSAGE_TYPES } from "../event.ts";
import type { ProblemCode } from "../problem.ts";
import { either, nearest, show } from "../wording.ts";
import type { Fault, Flaw } from "./flaw.ts";
import { noMoment } from "./moment.ts";

const CAIRN = "/context/cairn";

/** The error that ajv refused a message with, said so that its sender can mend it. */
export function faultOf(error: ErrorObject | undefined): Fault {
  if (error === undefined) throw new TypeError("a message was refused without an error");
  const { keyword, instancePath: path, params, data } = error;
  if (path.startsWith(CAIRN)) return cairnFault(error);
  if (path === "") return wholeFault(error);
  if (keyword === "x-check") return { path, ...(params.flaw as Flaw) };
  if (path === "/timestamp") return { path, ...noMoment(data) };
  const name = path.slice(1);
  const most = longest(error.parentSchema);
  if (most === undefined)
    return fault(path, "wrong-type", `"${name}" is ${show(data)}`, `send "${name}" as an object`);
  return textFault(name, data, most);
}

/** What is wrong with no field that is there: what is missing, or the type that says what must be there. */
function wholeFault({ keyword, params, data, parentSchema }: ErrorObject): Fault {
  if (keyword === "discriminator") return typeFault(params.tagValue);
  if (keyword === "anyOf")
    return fault("", "missing-field", "the message does not say who", 'add "userId" or "anonymousId"');
  if (keyword === "type")
    return fault(
      "",
      "wrong-type",
      `found ${show(data)} where a message is expected`,
      'send an object such as {"type": "track", …}',
    );
  const name = String(params.missingProperty);
  if (name === "timestamp")
    return fault("", "missing-field", 'the message has no "timestamp"', noMoment(undefined).fix);
  const { properties } = parentSchema as { readonly properties: { readonly [name: string]: object } };
  return textFault(name, undefined, longest(properties[name]) ?? 0);
}

/** Reports order events by session and number, so these must be what they say; the rest of `context` is free. */
function cairnFault({ instancePath: path, keyword, params, data }: ErrorObject): Fault {
  if (path === CAIRN && keyword === "type")
    return fault(path, "wrong-type", `"cairn" is ${show(data)}`, "leave it to the SDK");
  const seq = `${CAIRN}/seq`;
  if (path === seq || params.missingProperty === "seq") {
    const found = path === seq ? data : undefined;
    return fault(seq, "out-of-range", `"seq" is ${show(found)}`, "count messages from 1");
  }
  return fault(CAIRN, "wrong-type", '"cairn" holds other values than the SDK writes', "leave it to the SDK");
}

function typeFault(type: unknown): Fault {
  if (type === undefined)
    return fault("", "missing-field", 'a message has no "type"', `add "type": ${either(MESSAGE_TYPES)}`);
  const meant = typeof type === "string" ? nearest(type, MESSAGE_TYPES) : undefined;
  const fix = meant === undefined ? `send ${either(MESSAGE_TYPES)}` : `did you mean "${meant}"?`;
  return fault("/type", "not-allowed-value", `${show(type)} is not a type of message`, fix);
}

function textFault(name: string, value: unknown, most: number): Fault {
  const fix = `send "${name}" as text of 1 to ${most} characters`;
  if (value === undefined || value === null)
    return fault("", "missing-field", `the message has no "${name}"`, fix);
  if (typeof value !== "string") return fault(`/${name}`, "wrong-type", `"${name}" is ${show(value)}`, fix);
  return fault(`/${name}`, "wrong-length", `"${name}" has ${value.length} characters`, fix);
}

/** Of a text, by its schema; other values have none. */
function longest(schema: object | undefined): number | undefined {
  return (schema as { readonly maxLength?: number } | undefined)?.maxLength;
}

function fault(path: string, code: ProblemCode, message: string, fix: string): Fault {
  return { path, code, message, fix };
}
