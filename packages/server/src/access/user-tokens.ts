import type { JsonObject } from "@cairn/flow-schema";
import { decodeProtectedHeader, errors, importJWK, jwtVerify } from "jose";
import { httpError } from "../errors.ts";
import { prototypeKey } from "../middleware/read-body.ts";
import { isDots, isStorable } from "../storage/storable.ts";
import type { EnvironmentId, Storage } from "../storage/storage.ts";
import { type SigningKey, signingKeys } from "./signing-keys.ts";

/** What a host vouches for with its signature. */
export interface UserClaims {
  readonly userId: string;
  readonly traits?: JsonObject;
  readonly account?: string;
  readonly accountTraits?: JsonObject;
}

/** Reads user tokens. */
export interface UserTokens {
  /** What the token says; throws 401, `token_expired` or `token_invalid`. */
  verify(environment: EnvironmentId, token: string): Promise<UserClaims>;
  /** Forgets what is remembered of the environment's signing keys: one has been added or revoked. */
  forget(environment: EnvironmentId): void;
}

/** Longest life of a token, and how far a host's clock may be from ours, in seconds. */
const MAX_LIFE_S = 3_600;
const SKEW_S = 60;
const MAX_LENGTH = 8_192;
/** How long another process goes on taking a key that was revoked here. */
export const REMEMBERED_MS = 5_000;

type VerifyKey = Parameters<typeof jwtVerify>[1];
interface Known {
  readonly at: number;
  readonly keys: ReadonlyMap<string, { readonly alg: SigningKey["alg"]; readonly key: VerifyKey }>;
}

export function createUserTokens({
  storage,
  now,
}: {
  readonly storage: Storage;
  readonly now: () => number;
}): UserTokens {
  const known = new Map<EnvironmentId, Known>();

  const keysOf = async (environment: EnvironmentId): Promise<Known["keys"]> => {
    const found = known.get(environment);
    if (found !== undefined && now() - found.at < REMEMBERED_MS) return found.keys;
    const keys = new Map<string, { alg: SigningKey["alg"]; key: VerifyKey }>();
    for (const one of await signingKeys(storage, environment)) {
      const key =
        one.alg === "HS256"
          ? new TextEncoder().encode(one.secret)
          : await importJWK(one.publicKey ?? {}, "EdDSA");
      keys.set(one.kid, { alg: one.alg, key });
    }
    known.set(environment, { at: now(), keys });
    return keys;
  };

  return {
    async verify(environment, token) {
      if (token.length > MAX_LENGTH) throw invalid(`it is longer than ${MAX_LENGTH} characters`);
      if (!token.split(".").every(isCanonical)) throw invalid("it is not written as it should be");
      const header = headerOf(token);
      const keys = await keysOf(environment);
      const found = typeof header.kid === "string" ? keys.get(header.kid) : undefined;
      if (found === undefined) throw invalid("its `kid` names no signing key of this environment");
      const { alg, key } = found;
      const { payload } = await jwtVerify(token, key, {
        algorithms: [alg],
        audience: environment,
        requiredClaims: ["sub", "exp", "iat"],
        clockTolerance: SKEW_S,
        currentDate: new Date(now()),
      }).catch((thrown: unknown) => {
        if (thrown instanceof errors.JWTExpired) throw expired();
        throw invalid(wordsOf(thrown));
      });
      const { sub, exp = 0, iat = 0, aud } = payload;
      // `jose` is as patient with the end as it is with the beginning.
      if (exp * 1_000 <= now()) throw expired();
      if (aud !== environment) throw invalid("`aud` must be the environment alone");
      if (iat > now() / 1_000 + SKEW_S) throw invalid("`iat` lies in the future");
      if (exp - iat > MAX_LIFE_S) throw invalid("it lives longer than an hour");
      if (typeof sub !== "string" || sub === "" || sub.length > 256)
        throw invalid("`sub` must be the user id, 1 to 256 characters");
      if (!isStorable(sub) || isDots(sub)) throw invalid("`sub` is no id that can be kept");
      return claimsOf(sub, payload);
    },
    forget: (environment) => void known.delete(environment),
  };
}

/** One text for one token: readers of Base64 overlook what stands beside the bytes. */
const isCanonical = (part: string) => Buffer.from(part, "base64url").toString("base64url") === part;

function headerOf(token: string): ReturnType<typeof decodeProtectedHeader> {
  try {
    return decodeProtectedHeader(token);
  } catch {
    throw invalid("it is no JSON Web Token");
  }
}

function claimsOf(userId: string, payload: { readonly [claim: string]: unknown }): UserClaims {
  const { account, traits, accountTraits } = payload;
  if (account !== undefined && (typeof account !== "string" || account === "" || account.length > 256))
    throw invalid("`account` must be the account id, 1 to 256 characters");
  return {
    userId,
    ...(account !== undefined && { account }),
    ...objectClaim("traits", traits),
    ...objectClaim("accountTraits", accountTraits),
  };
}

function objectClaim(name: string, value: unknown): { readonly [claim: string]: JsonObject } {
  if (value === undefined || value === null) return {};
  if (typeof value !== "object" || Array.isArray(value) || prototypeKey(value) !== undefined)
    throw invalid(`\`${name}\` must be a plain object`);
  return { [name]: value as JsonObject };
}

const invalid = (why: string) => httpError("token_invalid", `The user token is not valid: ${why}.`);
const expired = () => httpError("token_expired", "The user token has expired.");

function wordsOf(thrown: unknown): string {
  if (thrown instanceof errors.JWTClaimValidationFailed) return `the claim "${thrown.claim}" does not fit`;
  if (thrown instanceof errors.JOSEAlgNotAllowed) return "its algorithm is not the one of its key";
  if (thrown instanceof errors.JWSSignatureVerificationFailed) return "the signature does not fit";
  return "it cannot be read";
}
