/** A request that the reference shows, and that a test sends. Its keys and ids stand in it as variables of a shell. */
export interface Example {
  /** Instead of `{id}` in the route's path, with the query. */
  readonly path?: string;
  readonly body?: unknown;
  /** Who asks, where it is not a secret key. */
  readonly as?: "public" | "user" | "session" | "nobody" | "write-key";
  /** @default 200 */
  readonly status?: number;
  readonly headers?: { readonly [name: string]: string };
}

export const FLOW = {
  schemaVersion: 1,
  id: "first-export",
  kind: "tooltip",
  audience: { user: { plan: "pro" } },
  steps: [{ id: "export", target: { anchor: "export-button" }, title: { en: "Take this report with you" } }],
};
const MESSAGE = { userId: "anna", event: "report.exported", properties: { format: "pdf" } };
const SEGMENT = { id: "trial-admins", where: { account: { plan: "trial" } } };
const FEATURE = {
  id: "report-export",
  name: { en: "Export a report" },
  uses: [{ event: "report.exported" }],
  activated: { count: 3, within: "14d" },
};

/** One for each route. `$NAME` is filled in by the test, and by whoever copies it. */
export const EXAMPLES: { readonly [route: string]: Example } = {
  "POST /v1/batch": { as: "write-key", body: { batch: [{ type: "track", ...MESSAGE }] } },
  "POST /v1/track": { body: MESSAGE },
  "POST /v1/identify": { body: { userId: "anna", traits: { plan: "pro" } } },
  "POST /v1/group": { body: { userId: "anna", groupId: "acme", traits: { plan: "pro" } } },
  "POST /v1/page": { body: { userId: "anna", name: "Reports", properties: { path: "/reports" } } },
  "GET /v1/events": { path: "/v1/events?user=anna&from=2026-11-01" },
  "GET /v1/config": { as: "public" },
  "GET /v1/preview": { as: "public", path: "/v1/preview?token=$PREVIEW_TOKEN" },
  "GET /v1/state": { as: "user" },
  "PUT /v1/state": { as: "user", body: { state: "$STATE" } },
  "GET /v1/flows": {},
  "GET /v1/flows/{id}": { path: "/v1/flows/first-export" },
  "PUT /v1/flows/{id}": { path: "/v1/flows/first-export", body: FLOW, headers: { "If-Match": '"1"' } },
  "DELETE /v1/flows/{id}": { path: "/v1/flows/first-export", status: 204 },
  "GET /v1/flows/{id}/versions": { path: "/v1/flows/first-export/versions" },
  "GET /v1/flows/{id}/review": { path: "/v1/flows/first-export/review" },
  "POST /v1/flows/{id}/ask": {
    path: "/v1/flows/first-export/ask",
    body: { note: "For the release on Monday" },
    status: 204,
  },
  "POST /v1/flows/{id}/approve": { path: "/v1/flows/first-export/approve" },
  "POST /v1/flows/{id}/send-back": {
    path: "/v1/flows/asked-hint/send-back",
    body: { note: "Say why" },
    status: 204,
  },
  "POST /v1/flows/{id}/publish": { path: "/v1/flows/first-export/publish", body: { note: "Shorter title" } },
  "POST /v1/flows/{id}/rollback": { path: "/v1/flows/first-export/rollback", body: { version: 1 } },
  "POST /v1/flows/{id}/archive": { path: "/v1/flows/first-export/archive", status: 204 },
  "POST /v1/flows/{id}/restore": { path: "/v1/flows/archived-hint/restore", status: 204 },
  "POST /v1/publish": {
    body: {
      flows: ["first-export", "asked-hint"],
      at: "2026-11-30T09:00:00+01:00",
      note: "With the release",
    },
    status: 202,
  },
  "POST /v1/plan": { body: { segments: [SEGMENT], delete: ["flows/asked-hint"] } },
  "POST /v1/apply": {
    body: {
      segments: [SEGMENT],
      flows: [{ ...FLOW, audience: { segment: "trial-admins" } }],
      publish: ["first-export"],
      note: "From git",
    },
  },
  "GET /v1/schedules": {},
  "DELETE /v1/schedules/{id}": { path: "/v1/schedules/$SCHEDULE", status: 204 },
  "POST /v1/previews": {
    body: { flow: "first-export", user: { id: "anna" }, page: "https://app.example.com/reports" },
    status: 201,
  },
  "GET /v1/features": {},
  "GET /v1/features/{id}": { path: "/v1/features/report-export" },
  "PUT /v1/features/{id}": { path: "/v1/features/report-export", body: FEATURE },
  "DELETE /v1/features/{id}": { path: "/v1/features/report-export", status: 204 },
  "GET /v1/segments": {},
  "GET /v1/segments/{id}": { path: "/v1/segments/trial-admins" },
  "PUT /v1/segments/{id}": { path: "/v1/segments/trial-admins", body: SEGMENT },
  "DELETE /v1/segments/{id}": { path: "/v1/segments/trial-admins", status: 204 },
  "GET /v1/settings": {},
  "PUT /v1/settings": { body: { enabled: true, locale: "en", origins: ["https://app.example.com"] } },
  "DELETE /v1/settings": { status: 204 },
  "GET /v1/catalog": {},
  "GET /v1/reports/activation": {
    path: "/v1/reports/activation?from=2026-10-01&timezone=Europe/Berlin&by=account.plan",
  },
  "GET /v1/reports/adoption": { path: "/v1/reports/adoption?from=2026-10-01&segment=trial-admins&limit=50" },
  "GET /v1/reports/funnel": { path: "/v1/reports/funnel?flow=first-export&format=csv" },
  "GET /v1/reports/decisions": { path: "/v1/reports/decisions?user=anna&limit=50" },
  "GET /v1/reports/targets": { path: "/v1/reports/targets?flow=first-export" },
  "GET /v1/keys": {},
  "POST /v1/keys": {
    body: {
      kind: "secret",
      name: "CI",
      scopes: ["definitions:read", "publish"],
      expiresAt: "2027-11-01T00:00:00Z",
    },
    status: 201,
  },
  "DELETE /v1/keys/{id}": { path: "/v1/keys/$KEY_ID", status: 204 },
  "GET /v1/signing-keys": {},
  "POST /v1/signing-keys": { body: { alg: "HS256" }, status: 201 },
  "DELETE /v1/signing-keys/{id}": { path: "/v1/signing-keys/$KID", status: 204 },
  "GET /v1/users/{id}/export": { path: "/v1/users/anna/export" },
  "GET /v1/accounts/{id}/export": { path: "/v1/accounts/acme/export" },
  "DELETE /v1/accounts/{id}": { path: "/v1/accounts/acme" },
  "DELETE /v1/users/{id}": { path: "/v1/users/anna" },
  "GET /v1/people": {},
  "PUT /v1/people/{email}": {
    path: "/v1/people/clara@example.com",
    body: { name: "Clara", role: "publisher", password: "a long and secret one" },
    status: 201,
  },
  "DELETE /v1/people/{email}": { path: "/v1/people/anna@example.com", status: 204 },
  "POST /v1/session": {
    as: "nobody",
    body: { email: "anna@example.com", password: "a long and secret one" },
  },
  "GET /v1/session": { as: "session" },
  "DELETE /v1/session": { as: "session", status: 204 },
  "GET /v1/audit": { path: "/v1/audit?subject=flows/first-export&limit=20" },
  "GET /v1/openapi.json": { as: "nobody" },
  "GET /v1/schema/flow.json": { as: "nobody" },
  "GET /livez": { as: "nobody" },
  "GET /readyz": { as: "nobody" },
  "GET /metrics": {},
};

/** The example as a line for a shell, as short as it can be and still be right. */
export function toCurl(route: string, example: Example): string {
  const [method = "", plain = ""] = route.split(" ");
  const { path = plain, body, as, headers = {} } = example;
  const withKey = as === "public" || as === "user";
  const address = withKey ? `${path}${path.includes("?") ? "&" : "?"}key=$PUBLIC_KEY` : path;
  const sent = as === "write-key" ? { writeKey: "$PUBLIC_KEY", ...(body as object) } : body;
  const parts = ["curl --fail-with-body"];
  if (method !== (sent === undefined ? "GET" : "POST")) parts.push(`-X ${method}`);
  parts.push(`"$CAIRN${address}"`);
  const said: { [name: string]: string } = { ...headers };
  if (as === undefined) said.Authorization = "Bearer $SECRET_KEY";
  if (as === "user") said.Authorization = "Bearer $USER_TOKEN";
  if (as === "session") said.Cookie = "cairn_session=$SESSION";
  if (as === "session" && method !== "GET") said["X-CSRF-Token"] = "$CSRF";
  if (sent !== undefined) said["Content-Type"] = "application/json";
  for (const [name, value] of Object.entries(said))
    parts.push(value.includes('"') ? `-H '${name}: ${value}'` : `-H "${name}: ${value}"`);
  if (sent !== undefined) {
    const text = JSON.stringify(sent);
    // In double quotes a shell puts variables in; in single ones it leaves JSON alone.
    parts.push(text.includes("$") ? `-d "${text.replaceAll('"', '\\"')}"` : `-d '${text}'`);
  }
  return parts.reduce((line, part) =>
    (line.split("\n").at(-1) ?? "").length + part.length > 110 ? `${line} \\\n  ${part}` : `${line} ${part}`,
  );
}

/** What such a line asks for, read as a shell would, with the variables filled in. */
export function readCurl(text: string, variables: { readonly [name: string]: string }) {
  const fill = (part: string) =>
    part.replaceAll(/\$([A-Z_]+)/g, (_, name: string) => {
      const value = variables[name];
      if (value === undefined) throw new Error(`nothing is known of $${name}`);
      return value;
    });
  const words = [...text.replaceAll("\\\n", " ").matchAll(/'([^']*)'|"((?:\\.|[^"\\])*)"|([^\s'"]+)/g)].map(
    ([, single, double, bare]) => single ?? fill((double ?? bare ?? "").replaceAll(/\\(["\\$])/g, "$1")),
  );
  const headers: Record<string, string> = {};
  let method: string | undefined;
  let body: string | undefined;
  let url = "";
  for (let i = 1; i < words.length; i++) {
    const word = words[i] ?? "";
    if (word === "--fail-with-body") continue;
    if (word === "-X") method = words[++i];
    else if (word === "-d") body = words[++i];
    else if (word === "-H") {
      const [name = "", ...value] = (words[++i] ?? "").split(": ");
      headers[name.toLowerCase()] = value.join(": ");
    } else url = word;
  }
  return { method: method ?? (body === undefined ? "GET" : "POST"), url, headers, body };
}
