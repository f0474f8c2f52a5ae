import type { UserClaims } from "../access/user-tokens.ts";

export interface Vouched {
  readonly message: unknown;
  readonly verified: boolean;
}

/**
 * What a user token makes of one message: those of its person are verified, and what the host signed stands over what
 * the page says. A message that puts the person into another account than the signed one is not vouched for, nor is
 * what a page says of an account where none is signed: a person may say who they are, not what a company is.
 */
export function vouch(claims: UserClaims, sent: unknown): Vouched {
  const as = { message: sent, verified: false };
  if (typeof sent !== "object" || sent === null) return as;
  const message = sent as { readonly [field: string]: unknown };
  if (message.userId !== claims.userId) return as;
  const { groupId: named } = (message.context ?? {}) as { readonly groupId?: unknown };
  const account = message.type === "group" ? message.groupId : named;
  if (claims.account !== undefined && account !== undefined && account !== claims.account) return as;
  if (claims.account === undefined && message.type === "group") return as;
  const signed =
    message.type === "identify"
      ? claims.traits
      : message.type === "group" && account === claims.account
        ? claims.accountTraits
        : undefined;
  if (signed === undefined) return { message: sent, verified: true };
  const { traits } = message;
  if (traits !== undefined && traits !== null && typeof traits !== "object") return as;
  return { message: { ...message, traits: { ...traits, ...signed } }, verified: true };
}
