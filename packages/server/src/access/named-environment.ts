import { httpError } from "../errors.ts";
import type { Caller } from "../server-env.ts";
import type { EnvironmentId } from "../storage/storage.ts";
import { ENVIRONMENTS, type EnvironmentName, type Scope } from "./scopes.ts";

/**
 * The environment whose keys are meant: the one exception to "the key decides the environment", so that an operator
 * who has production's key can make those of staging. Only down: whoever has a key of staging must not come by one of
 * production. Throws 403.
 */
export function environmentNamed(
  { environment }: Pick<Caller, "environment">,
  named: EnvironmentName | undefined,
): EnvironmentId {
  if (named === undefined || named === environment) return environment;
  const rank = (name: EnvironmentId) => (ENVIRONMENTS as readonly EnvironmentId[]).indexOf(name);
  if (rank(named) > rank(environment))
    throw httpError("forbidden", `A key of ${environment} makes no keys for ${named}.`);
  return named;
}

/** Scopes that reach beyond an environment: the people of the studio, and figures of the whole server. */
export const isServerWide = (scope: Scope): boolean => scope === "keys:write" || scope === "metrics:read";
