import { randomBytes } from "node:crypto";
import { exportJWK, importJWK, importPKCS8, importSPKI, type JWK } from "jose";
import { httpError } from "../errors.ts";
import type { AuditEntry } from "../storage/audit-store.ts";
import type { EnvironmentId, Storage } from "../storage/storage.ts";

export type SigningAlgorithm = "HS256" | "EdDSA";

/** What verifies user tokens of one environment. Its algorithm is pinned: a token cannot choose another. */
export interface SigningKey {
  readonly kid: string;
  readonly alg: SigningAlgorithm;
  readonly createdAt: number;
  /** HS256: the text whose UTF-8 bytes sign. */
  readonly secret?: string;
  /** EdDSA: the public half; the private one never comes here. */
  readonly publicKey?: JWK;
}

/** Old and new side by side while a host rolls over; a third is refused. */
export const LIVE_SIGNING_KEYS = 2;

interface Ports {
  readonly storage: Storage;
  readonly now: () => number;
}

export async function signingKeys(
  storage: Storage,
  environment: EnvironmentId,
): Promise<readonly SigningKey[]> {
  const rows = await storage.documents(environment, "signing-key");
  return rows.map(({ body }) => JSON.parse(body) as SigningKey).sort((a, b) => a.createdAt - b.createdAt);
}

/** Makes (HS256) or takes in (EdDSA) a key; throws 409 where two are live, 400 where the public key is none. */
export async function addSigningKey(
  { storage, now }: Ports,
  environment: EnvironmentId,
  wanted: { readonly alg: SigningAlgorithm; readonly publicKey?: string | undefined },
  entry: (subject: string) => AuditEntry,
): Promise<SigningKey> {
  const live = await signingKeys(storage, environment);
  if (live.length >= LIVE_SIGNING_KEYS) throw tooMany(live);
  const head = { kid: `ut_${randomBytes(6).toString("hex")}`, alg: wanted.alg, createdAt: now() };
  const key: SigningKey =
    wanted.alg === "HS256"
      ? { ...head, secret: randomBytes(32).toString("base64url") }
      : { ...head, publicKey: await readPublicKey(wanted.publicKey) };
  const write = { collection: "signing-key", id: key.kid, expected: 0, body: JSON.stringify(key) } as const;
  const written = entry(`signing-keys/${key.kid}`);
  await storage.writeDocument(environment, write, now(), [written]);
  // Others may have counted at the same moment: whoever is one too many once theirs is there takes it back.
  const all = await signingKeys(storage, environment);
  if (all.length > LIVE_SIGNING_KEYS) {
    const back = { ...write, expected: 1, body: null };
    await storage.writeDocument(environment, back, now(), [{ ...written, action: "revoke" }]);
    throw tooMany(all.filter(({ kid }) => kid !== key.kid));
  }
  return key;
}

const tooMany = (live: readonly SigningKey[]) =>
  httpError("conflict", `There are ${LIVE_SIGNING_KEYS} signing keys already. Revoke one first.`, {
    kids: live.map(({ kid }) => kid),
  });

/** From now on tokens signed with it are refused. */
export async function removeSigningKey(
  { storage, now }: Ports,
  environment: EnvironmentId,
  kid: string,
  entry: (subject: string) => AuditEntry,
): Promise<void> {
  const row = await storage.document(environment, "signing-key", kid);
  if (row === undefined) throw httpError("not-found", `There is no signing key "${kid}".`);
  const write = { collection: "signing-key", id: kid, expected: row.revision, body: null } as const;
  await storage.writeDocument(environment, write, now(), [entry(`signing-keys/${kid}`)]);
}

/** An Ed25519 public key as PEM or as a JWK in JSON. */
async function readPublicKey(text: string | undefined): Promise<JWK> {
  if (text === undefined)
    throw httpError("bad-request", "EdDSA needs `publicKey`: an Ed25519 public key, PEM or JWK.");
  const isPrivate = await importPKCS8(text, "EdDSA").then(
    () => true,
    () => false,
  );
  if (isPrivate || /"d"\s*:/.test(text))
    throw httpError("bad-request", "This is a private key. Keep it, and send the public one.");
  try {
    const key = text.trimStart().startsWith("{")
      ? await importJWK(JSON.parse(text) as JWK, "EdDSA")
      : await importSPKI(text, "EdDSA", { extractable: true });
    const { kty, crv, x } = await exportJWK(key);
    if (kty !== "OKP" || crv !== "Ed25519" || x === undefined) throw new TypeError("not Ed25519");
    return { kty, crv, x };
  } catch {
    throw httpError("bad-request", "`publicKey` is no Ed25519 public key, PEM or JWK.");
  }
}
