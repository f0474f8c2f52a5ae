import { Ajv, type ValidateFunction } from "ajv";
import flowSchema from "../flow.schema.json" with { type: "json" };
import { checkKeyword } from "./check-keyword.ts";

/**
 * The schema's `message` as a function, made by ajv; takes tens of milliseconds, so once. After a refusal the last
 * of its `errors` is the outermost: what is wrong with the message.
 */
export function compileMessage(): ValidateFunction {
  const ajv = new Ajv({
    // A keyword that ajv does not know stops the program, where it would be passed over.
    strict: true,
    // What is in `context` beside ours may be anything, so its parts name no type.
    strictTypes: false,
    // Asks only the definition of the message's own type; without it each of the four is tried.
    discriminator: true,
    // Lengths in UTF-16 units, as every other limit here counts them. ajv will call the option deprecated: hence no logger.
    unicode: false,
    logger: false,
    // Words for people are made from what was found, which `verbose` hands on.
    messages: false,
    verbose: true,
    // The tests hold the schema itself against its metaschema, which would have to be compiled first.
    meta: false,
    validateSchema: false,
  });
  ajv.addKeyword(checkKeyword);
  return ajv.compile({ $ref: "#/$defs/message", $defs: flowSchema.$defs });
}
