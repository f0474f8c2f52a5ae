import type { JSONSchema } from "vscode-json-languageservice";

type Node = { readonly [key: string]: unknown };

/**
 * The schema as an editor shows it. Where a field refers to a shared shape and has a description of its own
 * ("how long a flow may wait" on a duration), the field's own words are the ones to show, so the shape is put
 * in its place. The schema's address goes, or the service would look for it on the network. What is returned shares
 * nothing with the schema that was given: the service ties it into circles, and the next editor begins from it again.
 */
export function forAuthors(schema: JSONSchema): JSONSchema {
  const root = structuredClone(schema) as unknown as Node;
  const defs = (root.$defs ?? {}) as { readonly [name: string]: Node };
  const rewritten = rewrite(root, defs) as Node;
  const { $schema: _dialect, $id: _address, ...rest } = rewritten;
  return rest as JSONSchema;
}

function rewrite(value: unknown, defs: { readonly [name: string]: Node }): unknown {
  if (Array.isArray(value)) return value.map((item) => rewrite(item, defs));
  if (typeof value !== "object" || value === null) return value;
  const node = withoutTitle(
    Object.fromEntries(Object.entries(value).map(([key, item]) => [key, rewrite(item, defs)])),
  );
  if (typeof node.$ref !== "string" || typeof node.description !== "string") return node;
  const shape = defs[node.$ref.replace("#/$defs/", "")];
  if (shape === undefined) return node;
  const { $ref: _reference, ...own } = node;
  return { ...withoutTitle(shape), ...own };
}

/** A shape's title ("duration") says less than the field's name, which stands there anyway. */
function withoutTitle(node: Node): Node {
  // A definition may itself have a field called "title": that one is an object.
  if (typeof node.title !== "string") return node;
  const { title: _title, ...rest } = node;
  return rest;
}
