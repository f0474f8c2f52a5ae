import { _, type CodeKeywordDefinition, type KeywordCxt } from "ajv";
import { checkBag } from "./bag.ts";
import { checkEventName } from "./event-name.ts";
import type { Flaw } from "./flaw.ts";
import { checkMoment } from "./moment.ts";

/** What the schema cannot say of a message, by the names that `x-check` has for it. */
export const MESSAGE_CHECKS: { readonly [name: string]: (value: never, field: string) => Flaw | undefined } =
  {
    bag: checkBag,
    moment: checkMoment,
    "sent-event-name": checkEventName,
  };

/**
 * `x-check` for ajv: calls the checks it names with the value and the name of its field. What one finds stands in the
 * error's `params.flaw`. Written as code, since ajv makes an object for each call of a keyword that is a function.
 */
export const checkKeyword: CodeKeywordDefinition = {
  keyword: "x-check",
  // Named, it runs after the keywords of that type: a check sees only what they let pass.
  type: ["string", "object"],
  schemaType: "array",
  error: { message: "x-check", params: ({ params }) => _`{flaw: ${params.flaw}}` },
  code(cxt: KeywordCxt) {
    const { gen, data, it } = cxt;
    for (const name of cxt.schema as readonly string[]) {
      const check = MESSAGE_CHECKS[name];
      if (check === undefined) throw new TypeError(`no check of messages is called "${name}"`);
      const func = gen.scopeValue("func", { ref: check, key: check });
      const flaw = gen.const("flaw", _`${func}(${data}, ${it.parentDataProperty})`);
      cxt.setParams({ flaw });
      cxt.fail(_`${flaw} !== undefined`);
    }
  },
};
