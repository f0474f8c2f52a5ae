import type { JsonType } from "./json-type.ts";
import type { ProblemCode } from "./problem.ts";
import type { Reference } from "./run.ts";

/** The part of JSON Schema that the definitions are written in, with Cairn's own `x-` annotations. */
export interface RawSchema {
  readonly $ref?: string;
  readonly title?: string;
  readonly description?: string;
  readonly type?: TypeName | readonly TypeName[];
  readonly enum?: readonly (string | number | boolean)[];
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly pattern?: string;
  readonly minimum?: number;
  readonly exclusiveMinimum?: number;
  readonly maximum?: number;
  readonly items?: RawSchema;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly properties?: { readonly [name: string]: RawSchema };
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean | RawSchema;
  readonly propertyNames?: RawSchema;
  readonly minProperties?: number;
  readonly oneOf?: readonly RawSchema[];
  readonly discriminator?: { readonly propertyName: string };
  /** Code for whatever is wrong with the value itself. */
  readonly "x-code"?: ProblemCode;
  /** Code for an object that is none of the union's. */
  readonly "x-code-branch"?: ProblemCode;
  /** What to write instead. */
  readonly "x-expected"?: string;
  /** Fields that people write by mistake, and what to write instead. */
  readonly "x-hints"?: { readonly [field: string]: string };
  /** Checks beyond shape. */
  readonly "x-check"?: readonly string[];
  /** The value is the id of such a definition. */
  readonly "x-reference"?: Reference["kind"];
}
type TypeName = JsonType | "integer";

/** A schema made ready: references followed, patterns compiled. Filled in while the graph is built. */
export interface SchemaNode {
  raw: RawSchema;
  types: readonly TypeName[] | undefined;
  pattern: RegExp | undefined;
  properties: ReadonlyMap<string, SchemaNode>;
  /** The sentence about each property, as written where the property is listed. */
  descriptions: ReadonlyMap<string, string>;
  additional: boolean | SchemaNode;
  names: SchemaNode | undefined;
  items: SchemaNode | undefined;
  /** The members of a union, unions in unions laid flat. */
  branches: readonly SchemaNode[];
}

/** Makes the named definitions of a schema, and all that they refer to, ready for checking. */
export function compileSchema(
  root: { readonly $defs: { readonly [name: string]: RawSchema } },
  names: readonly string[],
): ReadonlyMap<string, SchemaNode> {
  const made = new Map<string, SchemaNode>();
  const ready = new Map<string, SchemaNode>();
  for (const name of names) ready.set(name, follow(`#/$defs/${name}`));
  return ready;

  function follow(reference: string): SchemaNode {
    const known = made.get(reference);
    if (known !== undefined) return known;
    const raw = rawAt(reference);
    if (raw.$ref !== undefined) return follow(raw.$ref);
    const node = emptyNode(raw);
    // Entered before it is filled: definitions refer to each other in circles.
    made.set(reference, node);
    fill(node);
    return node;
  }

  function build(raw: RawSchema): SchemaNode {
    if (raw.$ref !== undefined) return follow(raw.$ref);
    const node = emptyNode(raw);
    fill(node);
    return node;
  }

  function fill(node: SchemaNode): void {
    const { raw } = node;
    const properties = Object.entries(raw.properties ?? {});
    node.properties = new Map(properties.map(([name, schema]) => [name, build(schema)]));
    node.descriptions = new Map(properties.map(([name, schema]) => [name, descriptionOf(schema)]));
    if (typeof raw.additionalProperties === "object") node.additional = build(raw.additionalProperties);
    if (raw.propertyNames !== undefined) node.names = build(raw.propertyNames);
    if (raw.items !== undefined) node.items = build(raw.items);
    node.branches = flatten(raw).map(build);
  }

  function flatten(raw: RawSchema): readonly RawSchema[] {
    return (raw.oneOf ?? []).flatMap((branch) => {
      const nested = branch.$ref === undefined ? branch : rawAt(branch.$ref);
      return nested.oneOf === undefined ? [branch] : flatten(nested);
    });
  }

  function descriptionOf(raw: RawSchema): string {
    return raw.description ?? (raw.$ref === undefined ? "" : descriptionOf(rawAt(raw.$ref)));
  }

  function rawAt(reference: string): RawSchema {
    const found = reference
      .slice(2)
      .split("/")
      .reduce<unknown>((at, key) => (at as { [key: string]: unknown } | undefined)?.[key], root);
    if (found === undefined) throw new TypeError(`the schema has no ${reference}`);
    return found as RawSchema;
  }
}

function emptyNode(raw: RawSchema): SchemaNode {
  return {
    raw,
    types: typesOf(raw),
    pattern: raw.pattern === undefined ? undefined : new RegExp(raw.pattern, "u"),
    properties: new Map(),
    descriptions: new Map(),
    additional: typeof raw.additionalProperties === "boolean" ? raw.additionalProperties : true,
    names: undefined,
    items: undefined,
    branches: [],
  };
}

function typesOf({ type, enum: values }: RawSchema): readonly TypeName[] | undefined {
  if (typeof type === "string") return [type];
  if (type !== undefined) return type;
  if (values === undefined) return undefined;
  return [...new Set(values.map((value) => typeof value as "string" | "number" | "boolean"))];
}
