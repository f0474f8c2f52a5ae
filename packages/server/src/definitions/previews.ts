import { randomBytes } from "node:crypto";
import type { Config, Flow, JsonObject } from "@cairn/flow-schema";
import { errors, jwtVerify, SignJWT } from "jose";
import { httpError } from "../errors.ts";
import type { EnvironmentId, Storage } from "../storage/storage.ts";
import { checkDefinition } from "./check.ts";
import { toConfig } from "./live-config.ts";
import { refusal } from "./refusal.ts";
import { findDefinition } from "./workspace.ts";

/** How long a preview can be opened. */
export const PREVIEW_MS = 3_600_000;

/** Whom the preview is shown to, instead of whoever is signed in. */
export interface PreviewWho {
  readonly id?: string | undefined;
  readonly traits?: JsonObject | undefined;
}
export interface PreviewRequest {
  /** Id of a flow, whose draft is shown as it then is, or a flow itself. */
  readonly flow: unknown;
  readonly user?: PreviewWho | undefined;
  readonly account?: PreviewWho | undefined;
  /** Address of the page it is to be opened on. */
  readonly page?: string | undefined;
}
interface StoredPreview {
  readonly flow: string;
  /** Where a flow was given, and not the id of one. */
  readonly body?: Flow;
  readonly user?: PreviewWho | undefined;
  readonly account?: PreviewWho | undefined;
  readonly expiresAt: number;
}
export interface Preview {
  readonly flow: string;
  readonly user?: PreviewWho | undefined;
  readonly account?: PreviewWho | undefined;
  readonly expiresAt: string;
}

interface Ports {
  readonly storage: Storage;
  readonly now: () => number;
}

/** Keeps a preview, and makes the token that opens it: it holds nothing but the preview's id. */
export async function createPreview(
  ports: Ports,
  environment: EnvironmentId,
  { flow, user, account, page }: PreviewRequest,
): Promise<{ readonly token: string; readonly expiresAt: string; readonly url?: string }> {
  const { storage, now } = ports;
  const definitions = await storage.definitions(environment);
  const expiresAt = now() + PREVIEW_MS;
  const who = { ...(user && { user }), ...(account && { account }), expiresAt };
  let preview: StoredPreview;
  if (typeof flow === "string") {
    if (findDefinition(definitions, "flow", flow) === undefined)
      throw httpError("not-found", `There is no flow "${flow}".`);
    preview = { flow, ...who };
  } else {
    const { id } = (flow ?? {}) as { readonly id?: unknown };
    const checked = checkDefinition("flow", typeof id === "string" ? id : "", flow, definitions);
    if (!checked.ok) throw refusal(checked.problems);
    preview = { flow: checked.value.id, body: checked.value, ...who };
  }
  const address = page === undefined ? undefined : addressOf(page);
  const id = randomBytes(16).toString("base64url");
  const write = { collection: "preview", id, expected: 0, body: JSON.stringify(preview), expiresAt } as const;
  await storage.writeDocument(environment, write, now());
  const token = await new SignJWT({})
    .setProtectedHeader({ alg: "HS256", typ: "preview+jwt" })
    .setJti(id)
    .setAudience(environment)
    .setExpirationTime(Math.floor(expiresAt / 1_000))
    .sign(await previewSecret(ports, environment));
  return {
    token,
    expiresAt: new Date(expiresAt).toISOString(),
    ...(address !== undefined && { url: withToken(address, token) }),
  };
}

/** The config with the flow of a preview in it; throws 401 where the token is forged or its time is over. */
export async function readPreview(
  ports: Ports,
  environment: EnvironmentId,
  token: string,
): Promise<Config & { readonly preview: Preview }> {
  const { storage, now } = ports;
  const { payload } = await jwtVerify(token, await previewSecret(ports, environment), {
    algorithms: ["HS256"],
    audience: environment,
    typ: "preview+jwt",
    requiredClaims: ["exp", "jti"],
    currentDate: new Date(now()),
  }).catch((thrown: unknown) => {
    if (thrown instanceof errors.JWTExpired) throw expired();
    throw httpError("token_invalid", "This is no token of a preview.");
  });
  const row = await storage.document(environment, "preview", `${payload.jti}`);
  const stored = row && (JSON.parse(row.body) as StoredPreview);
  if (stored === undefined || stored.expiresAt <= now()) throw expired();
  const definitions = await storage.definitions(environment);
  const body = stored.body ?? findDefinition(definitions, "flow", stored.flow)?.body;
  if (body === undefined) throw httpError("not-found", `The flow "${stored.flow}" has been deleted.`);
  const config = toConfig(environment, definitions);
  const { flow, user, account } = stored;
  return {
    ...config,
    flows: [...config.flows.filter(({ id }) => id !== flow), body],
    preview: {
      flow,
      ...(user && { user }),
      ...(account && { account }),
      expiresAt: new Date(stored.expiresAt).toISOString(),
    },
  };
}

/** Ends the previews that are shown as this person, or this account: their traits are kept with them. */
export async function endPreviewsAs(
  { storage, now }: Ports,
  environment: EnvironmentId,
  who: "user" | "account",
  name: string,
): Promise<void> {
  for (const { id, revision, body } of await storage.documents(environment, "preview")) {
    if ((JSON.parse(body) as StoredPreview)[who]?.id !== name) continue;
    const write = { collection: "preview", id, expected: revision, body: null } as const;
    await storage.writeDocument(environment, write, now());
  }
}

const expired = () => httpError("token_expired", "The preview is over. Make a new one.");

/** Signs previews of one environment, and nothing else; made when it is first needed. */
async function previewSecret({ storage, now }: Ports, environment: EnvironmentId): Promise<Uint8Array> {
  const read = async () => (await storage.document(environment, "secret", "preview"))?.body;
  let secret = await read();
  if (secret === undefined) {
    const body = randomBytes(32).toString("base64url");
    await storage.writeDocument(
      environment,
      { collection: "secret", id: "preview", expected: 0, body },
      now(),
    );
    // Another process may have been first.
    secret = (await read()) ?? body;
  }
  return Buffer.from(secret, "base64url");
}

function addressOf(page: string): URL {
  const url = URL.canParse(page) ? new URL(page) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol))
    throw httpError("bad-request", "`page` must be a whole address, https://…");
  return url;
}

/** Behind the `#`, so that it never reaches the host's server or its logs. */
function withToken(url: URL, token: string): string {
  const before = url.hash === "" ? "#" : `${url.hash}&`;
  url.hash = "";
  return `${url.href.replace(/#$/, "")}${before}cairn-preview=${token}`;
}
