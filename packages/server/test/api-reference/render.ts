import { scopeFor } from "../../src/access/route-access.ts";
import { ROLE_SCOPES } from "../../src/access/scopes.ts";
import { EXAMPLES, toCurl } from "./examples.ts";

export interface Schema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly items?: Schema;
  readonly properties?: { readonly [name: string]: Schema };
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean | Schema;
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly allOf?: readonly Schema[];
  readonly description?: string;
  readonly default?: unknown;
  readonly example?: unknown;
}
interface Content {
  readonly [type: string]: { readonly schema?: Schema };
}
export interface Operation {
  readonly summary?: string;
  readonly tags?: readonly string[];
  readonly security?: readonly Record<string, unknown>[];
  readonly parameters?: readonly {
    readonly name: string;
    readonly in: string;
    readonly required?: boolean;
    readonly description?: string;
    readonly schema?: Schema;
  }[];
  readonly requestBody?: { readonly required?: boolean; readonly content: Content };
  readonly responses: {
    readonly [status: string]: { readonly description: string; readonly content?: Content };
  };
}
export interface Document {
  readonly paths: { readonly [path: string]: { readonly [method: string]: Operation } };
  readonly components: { readonly schemas: { readonly [name: string]: Schema } };
}

/** In the order in which somebody needs them. */
const TASKS: readonly (readonly [title: string, tags: readonly string[], text: string])[] = [
  [
    "Send events",
    ["Events"],
    "The Segment HTTP tracking API: its clients work as they are. Answered after commit; a rejection is final.",
  ],
  [
    "What pages ask",
    ["Delivery"],
    "With a public key in the address, so that a browser asks no preflight and a CDN can keep the answer.",
  ],
  [
    "Write, review and publish flows",
    ["Flows", "Previews"],
    "A draft is nobody's business until it is published. Versions never change.",
  ],
  [
    "A folder as one change",
    ["Apply"],
    "What `cairn plan` and `cairn apply` ask: everything is checked together, and done as one change or not at all.",
  ],
  ["Features, segments and settings", ["Features", "Segments", "Settings"], "They take effect at once."],
  [
    "Read reports",
    ["Reports", "Catalog"],
    "Each number is defined in [metrics](metrics.md). `format=csv` for a spreadsheet.",
  ],
  [
    "People who use your product",
    ["People"],
    "Their state over all devices, and what is stored of them. What [privacy](privacy.md) says holds here.",
  ],
  ["Keys", ["Keys"], "Shown once, kept as hashes: see [security](security.md#keys)."],
  ["People of the studio, and the audit log", ["Studio", "Audit"], "Who may sign in, and who changed what."],
  ["Operation", ["Operation"], "For machines that look after the server."],
];

/** The whole page, from the document that the server itself gives out. */
export function renderReference(document: Document, errorRows: readonly string[]): string {
  const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({
      route: `${method.toUpperCase()} ${path}`,
      operation,
    })),
  );
  const sections = TASKS.map(([title, tags, text]) => {
    const own = operations.filter(({ operation }) => operation.tags?.some((tag) => tags.includes(tag)));
    const routes = own.map(({ route, operation }) => renderRoute(document, route, operation));
    return { title, text, routes, own };
  });
  const told = sections.flatMap(({ own }) => own.map(({ route }) => route));
  const untold = operations.map(({ route }) => route).filter((route) => !told.includes(route));
  if (untold.length > 0) throw new Error(`no task of the reference has ${untold.join(", ")}`);
  const toc = sections.map(
    ({ title, own }) =>
      `- [${title}](#${anchor(title)}): ${own.map(({ route }) => `[\`${route}\`](#${anchor(route)})`).join(" · ")}`,
  );
  return `# API reference

${operations.length} routes, written from the server's own OpenAPI 3.1 document (\`GET /v1/openapi.json\`) by \`pnpm --filter @cairn/server run docs\`. A test sends each example.

\`\`\`sh
export CAIRN=http://localhost:8787 SECRET_KEY=sk_demo PUBLIC_KEY=pk_demo # the demo's; make your own with \`cairn keys create\`
\`\`\`

**The key decides the environment.** Servers send it as \`Authorization: Bearer\`, as the user name of Basic, or as \`writeKey\` in the body; pages as \`?key=\` in the address (public keys only).
Moments are ISO 8601 with a zone. Answers to changes carry the stored definition with its \`ETag\`; send it back as \`If-Match\` and nobody's work is written over (412).

\`Flow\`, \`Feature\`, \`Segment\` and \`Settings\` are what the [flow reference](flow-reference.md) describes.

${toc.join("\n")}

## Errors

Every error has one body: \`{ "error": { "code", "message", "details"? } }\`. Codes never change. 429 and 503 carry \`Retry-After\` in seconds: nothing was stored, send it again.

| status | codes |
|---|---|
${errorRows.join("\n")}

${sections.map(({ title, text, routes }) => `## ${title}\n\n${text}\n\n${routes.join("\n")}`).join("\n")}`;
}

/** The anchor that GitHub makes of a heading. */
function anchor(heading: string): string {
  return heading
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\s_-]/gu, "")
    .replaceAll(" ", "-");
}

function renderRoute(document: Document, route: string, operation: Operation): string {
  const [method = "", path = ""] = route.split(" ");
  const example = EXAMPLES[route];
  if (example === undefined) throw new Error(`no example for ${route}`);
  const lines = [
    `### ${route}`,
    "",
    `${operation.summary}.  `,
    `**Who:** ${whoMay(method, path, operation)}`,
    "",
  ];
  const query = (operation.parameters ?? []).filter(
    (parameter) => parameter.in === "query" && parameter.name !== "key",
  );
  if (query.length > 0) {
    lines.push("| in the address | | |", "|---|---|---|");
    for (const { name, required, description, schema = {} } of query) {
      const about = [description, schema.default === undefined ? "" : `Default: \`${schema.default}\``];
      const type = typeOf(document, schema, 0).replaceAll("|", "\\|");
      lines.push(`| \`${name}\`${required ? "" : "?"} | \`${type}\` | ${about.filter(Boolean).join(". ")} |`);
    }
    lines.push("");
  }
  const body = Object.values(operation.requestBody?.content ?? {})[0]?.schema;
  if (body !== undefined) lines.push(...block(document, "Body", body));
  const refused: string[] = [];
  for (const [status, { description, content = {} }] of Object.entries(operation.responses)) {
    if (Number(status) >= 400) {
      refused.push(status);
      continue;
    }
    const formats = Object.keys(content).filter((type) => type !== "application/json");
    const also = formats.length === 0 ? "" : ` (${formats.map((type) => `\`${type}\``).join(", ")})`;
    const schema = content["application/json"]?.schema;
    const shape = schema === undefined ? "" : typeOf(document, schema, 0, new Set(), true);
    const short = shape === "" || shape.includes("\n") ? "" : `: \`${shape}\``;
    lines.push(`**${status}** ${description}${also}${short}`, "");
    if (shape.includes("\n")) lines.push("```js", shape, "```", "");
  }
  if (refused.length > 0) lines.push(`Refused with ${refused.join(", ")}.`, "");
  lines.push("```sh", toCurl(route, example), "```", "");
  return lines.join("\n");
}

function whoMay(method: string, path: string, { security = [] }: Operation): string {
  const kinds = security.flatMap((one) => Object.keys(one));
  if (kinds.includes("userToken"))
    return "a public key and the person's [user token](security.md#user-tokens)";
  if (kinds.includes("publicKey") && kinds.includes("secretKey")) return "any key of the environment";
  if (kinds.includes("publicKey")) return "a public key";
  if (kinds.includes("secretKey")) {
    const scope = scopeFor(method, path.replaceAll(/\{[^}]+\}/g, "x"));
    if (scope === undefined) throw new Error(`no scope opens ${method} ${path}`);
    const roles = Object.entries(ROLE_SCOPES).flatMap(([role, scopes]) =>
      scopes.includes(scope) ? [role] : [],
    );
    return `a secret key with \`${scope}\`${roles.length === 0 ? "" : `; in the studio: ${roles.join(", ")}`}`;
  }
  return path === "/v1/session" && method === "GET" ? "whoever is signed in to the studio" : "anybody";
}

/** A body's shape, with what there is to say of each field. */
function block(document: Document, title: string, schema: Schema): readonly string[] {
  const shape = typeOf(document, schema, 0, new Set(), true);
  if (!shape.includes("\n")) return [`**${title}** \`${shape}\``, ""];
  return [`**${title}**`, "", "```js", shape, "```", ""];
}

/** A type as TypeScript would write it. Objects are spread over lines where they are told of by themselves. */
function typeOf(
  document: Document,
  schema: Schema,
  depth: number,
  seen: ReadonlySet<string> = new Set(),
  spread = false,
): string {
  if (schema.$ref !== undefined) {
    const name = schema.$ref.split("/").at(-1) ?? "";
    const known = document.components.schemas[name];
    if (Object.keys(known?.properties ?? {}).length === 0 || seen.has(name) || known === undefined)
      return name;
    return typeOf(document, known, depth, new Set([...seen, name]), spread);
  }
  const either = schema.anyOf ?? schema.oneOf;
  if (either !== undefined)
    return either.map((one) => typeOf(document, one, depth, seen, spread)).join(" | ");
  if (schema.allOf !== undefined) {
    const only = schema.allOf.filter((part) => part.$ref !== undefined || part.properties !== undefined);
    if (only.length === 1 && only[0] !== undefined) return typeOf(document, only[0], depth, seen, spread);
    const whole = schema.allOf.map((part) =>
      part.$ref === undefined
        ? part
        : (document.components.schemas[part.$ref.split("/").at(-1) ?? ""] ?? part),
    );
    const properties = Object.assign({}, ...whole.map((part) => part.properties ?? {}));
    const required = whole.flatMap((part) => part.required ?? []);
    return typeOf(document, { type: "object", properties, required }, depth, seen, spread);
  }
  if (schema.enum !== undefined) return schema.enum.map((value) => JSON.stringify(value)).join(" | ");
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  const types = typeof schema.type === "string" ? [schema.type] : (schema.type ?? []);
  const words = types.map((type) => {
    if (type === "array") {
      const items = typeOf(document, schema.items ?? {}, depth, seen, spread);
      return items.includes(" | ") && !items.startsWith("{") ? `(${items})[]` : `${items}[]`;
    }
    if (type === "integer") return "number";
    if (type !== "object" || Object.keys(schema.properties ?? {}).length === 0) return type;
    return object(document, schema, depth, seen, spread);
  });
  return words.length === 0 ? "any" : words.join(" | ");
}

function object(
  document: Document,
  { properties = {}, required = [] }: Schema,
  depth: number,
  seen: ReadonlySet<string>,
  spread: boolean,
): string {
  const fields = Object.entries(properties).map(([name, field]) => {
    const type = typeOf(document, field, depth + 1, seen, spread && depth < 3);
    return { text: `${name}${required.includes(name) ? "" : "?"}: ${type}`, about: field.description };
  });
  const flat = `{ ${fields.map(({ text }) => text).join(", ")} }`;
  const plain = fields.every(({ text, about }) => about === undefined && !text.includes("\n"));
  if (!spread || (plain && flat.length <= 100)) return flat;
  const pad = "  ".repeat(depth + 1);
  const lines = fields.map(
    ({ text, about }) => `${pad}${text},${about === undefined ? "" : ` // ${about.replaceAll("\n", " ")}`}`,
  );
  return `{\n${lines.join("\n")}\n${"  ".repeat(depth)}}`;
}
