import { randomBytes, scrypt, timingSafeEqual } from "node:crypto";

/** A password as it is kept. The cost stands beside it, so that it can be raised later. */
export interface StoredPassword {
  readonly salt: string;
  readonly hash: string;
  /** log2 of scrypt's N; r = 8, p = 1. */
  readonly cost: number;
}

export const MIN_PASSWORD = 10;
export const MAX_PASSWORD = 200;
/** 32 MB and some 60 ms for each guess. */
export const PASSWORD_COST = 15;

export async function storePassword(password: string, cost = PASSWORD_COST): Promise<StoredPassword> {
  const salt = randomBytes(16).toString("base64url");
  return { salt, hash: (await derive(password, salt, cost)).toString("base64url"), cost };
}

/**
 * Whether it is this password. Takes as long where there is none to compare with, so that time tells nothing: `ifNone` is
 * what passwords cost that are stored here.
 */
export async function checkPassword(
  password: string,
  stored: StoredPassword | undefined,
  ifNone = PASSWORD_COST,
): Promise<boolean> {
  const { salt, hash, cost } = stored ?? { salt: "none", hash: "", cost: ifNone };
  const derived = await derive(password, salt, cost);
  const known = Buffer.from(hash, "base64url");
  return known.length === derived.length && timingSafeEqual(known, derived);
}

function derive(password: string, salt: string, cost: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const options = { N: 2 ** cost, r: 8, p: 1, maxmem: 2 ** (cost + 11) };
    scrypt(password.normalize("NFKC"), salt, 32, options, (error, key) =>
      error ? reject(error) : resolve(key),
    );
  });
}
