/** What a secret key may do. A key without any list has all of them. */
export const SCOPES = [
  /** Flows, features, segments, settings: read drafts, versions, the audit log. */
  "definitions:read",
  /** Write drafts, archive, make previews; features, segments and settings, which take effect at once. */
  "definitions:write",
  /** Publish, schedule, roll back. */
  "publish",
  /** Read stored messages. */
  "events:read",
  /** Send messages, which are then verified. */
  "events:write",
  /** Reports and the catalog. */
  "reports:read",
  /** Export and erase what is stored of a person. */
  "people:write",
  /** Keys, signing keys, and who may sign in to the studio. */
  "keys:write",
  /** Figures of the server itself, for all environments. */
  "metrics:read",
] as const;
export type Scope = (typeof SCOPES)[number];

/** What people who sign in to the studio are. */
export const ROLES = ["author", "publisher"] as const;
export type Role = (typeof ROLES)[number];

const AUTHOR: readonly Scope[] = ["definitions:read", "definitions:write", "events:read", "reports:read"];
/** Keys and the people of the studio are the operator's: no role has them. */
export const ROLE_SCOPES: { readonly [role in Role]: readonly Scope[] } = {
  author: AUTHOR,
  publisher: [...AUTHOR, "publish"],
};

/** The worlds that a server has: a change goes from one to the next. */
export const ENVIRONMENTS = ["development", "staging", "production"] as const;
export type EnvironmentName = (typeof ENVIRONMENTS)[number];

export function isEnvironment(name: string): name is EnvironmentName {
  return (ENVIRONMENTS as readonly string[]).includes(name);
}
