import type { StoredAccount, StoredPerson } from "./person-store.ts";
import type { PersonIds } from "./report-store.ts";

/** A combination of ids, and when it was first named. */
export interface SeenIds extends PersonIds {
  readonly first: number;
}

/**
 * Whose an id is, of all combinations of ids that share it or an anonymous id with it. An anonymous id belongs to the
 * first user that a message names together with it; at equal times to the one whose id comes first.
 */
export function personAmong(around: readonly SeenIds[], id: string): StoredPerson | undefined {
  const owners = new Map<string, { readonly userId: string; readonly first: number }>();
  for (const { userId, anonymousId, first } of around) {
    if (userId === null || anonymousId === null) continue;
    const known = owners.get(anonymousId);
    if (known === undefined || first < known.first || (first === known.first && userId < known.userId))
      owners.set(anonymousId, { userId, first });
  }
  const isUser = around.some(({ userId }) => userId === id);
  const userId = isUser ? id : (owners.get(id)?.userId ?? null);
  // Somebody else's anonymous id says who they are, and no more.
  if (userId !== null && userId !== id) return { userId, anonymousIds: [], ids: [], states: [] };
  const isTheirs = (anonymousId: string) => {
    const owner = owners.get(anonymousId)?.userId;
    return owner === undefined ? anonymousId === id : owner === userId;
  };
  const ids = around.filter((one) =>
    one.userId === null ? one.anonymousId !== null && isTheirs(one.anonymousId) : one.userId === userId,
  );
  if (ids.length === 0) return undefined;
  const anonymous = new Set(ids.flatMap(({ anonymousId }) => anonymousId ?? []).filter(isTheirs));
  return {
    userId,
    anonymousIds: [...anonymous].sort(),
    ids: ids.map(({ first: _, ...combination }) => combination),
    states: userId === null ? [] : [userId],
  };
}

/** What is an account's, of all combinations of ids that name it or one of its users. */
export function accountAmong(around: readonly PersonIds[], id: string): StoredAccount | undefined {
  const ids = around.filter(({ accountId }) => accountId === id);
  if (ids.length === 0) return undefined;
  const elsewhere = new Set(around.flatMap((one) => (one.accountId === id ? [] : [one.userId])));
  const userIds = [...new Set(ids.flatMap(({ userId }) => userId ?? []))].sort();
  return {
    userIds,
    ids: ids.map(({ userId, anonymousId, accountId }) => ({ userId, anonymousId, accountId })),
    states: userIds.filter((userId) => !elsewhere.has(userId)),
  };
}
