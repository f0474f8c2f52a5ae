import { createHmac, generateKeyPairSync, type KeyObject, sign } from "node:crypto";
import type { SigningKey } from "../src/access/signing-keys.ts";
import type { Storage } from "../src/storage/storage.ts";
import { NOW } from "./test-server.ts";

const encode = (value: unknown) =>
  Buffer.from(typeof value === "string" ? value : JSON.stringify(value)).toString("base64url");
const seconds = NOW / 1000;

/** Made by hand, so that tests do not hold the library to itself, and can write what no library would. */
export function tokenOf(
  header: object | string,
  payload: object | string,
  key: string | Buffer | KeyObject,
  how: "sha256" | "sha512" | "ed25519" = "sha256",
): string {
  const text = `${encode(header)}.${encode(payload)}`;
  const signature =
    how === "ed25519"
      ? sign(null, Buffer.from(text), key as KeyObject)
      : createHmac(how, key as string)
          .update(text)
          .digest();
  return `${text}.${signature.toString("base64url")}`;
}

export const claims = (userId: string, more: object = {}) => ({
  sub: userId,
  aud: "production",
  iat: seconds - 10,
  exp: seconds + 1_800,
  ...more,
});

export const HS_KEY: SigningKey & { readonly secret: string } = {
  kid: "ut_hs",
  alg: "HS256",
  createdAt: NOW - 2,
  secret: "a-secret-of-32-characters-or-more",
};
const pair = generateKeyPairSync("ed25519");
export const ED_PRIVATE = pair.privateKey;
export const ED_PUBLIC_PEM = pair.publicKey.export({ type: "spki", format: "pem" }).toString();
export const ED_PRIVATE_PEM = pair.privateKey.export({ type: "pkcs8", format: "pem" }).toString();
const { kty, crv, x } = pair.publicKey.export({ format: "jwk" }) as { kty: string; crv: string; x: string };
export const ED_KEY: SigningKey = {
  kid: "ut_ed",
  alg: "EdDSA",
  createdAt: NOW - 1,
  publicKey: { kty, crv, x },
};

/** Puts both keys into an environment. */
export async function installKeys(storage: Storage, environment = "production"): Promise<void> {
  for (const key of [HS_KEY, ED_KEY]) {
    const write = { collection: "signing-key", id: key.kid, expected: 0, body: JSON.stringify(key) } as const;
    await storage.writeDocument(environment, write, NOW);
  }
}

export const goodToken = (userId: string, more: object = {}) =>
  tokenOf({ alg: "HS256", kid: HS_KEY.kid }, claims(userId, more), HS_KEY.secret);
export const edToken = (userId: string, more: object = {}) =>
  tokenOf({ alg: "EdDSA", kid: ED_KEY.kid }, claims(userId, more), ED_PRIVATE, "ed25519");
