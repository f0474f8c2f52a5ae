import { httpError } from "../errors.ts";
import {
  createKeyring,
  DEMO_ENVIRONMENT,
  generateKey,
  type KeyRecord,
  toStoredKey,
  withDefaults,
} from "../keys.ts";
import type { Keyring } from "../server-env.ts";
import type { AuditEntry } from "../storage/audit-store.ts";
import type { EnvironmentId, Storage } from "../storage/storage.ts";
import { ENVIRONMENTS } from "./scopes.ts";

interface Ports {
  readonly storage: Storage;
  readonly now: () => number;
}

/** Every key of an environment, also those that open nothing any more; by age. */
export async function keptKeys(storage: Storage, environment: EnvironmentId): Promise<readonly KeyRecord[]> {
  const rows = await storage.documents(environment, "key");
  const keys = rows.map(({ body }) => JSON.parse(body) as KeyRecord);
  const known = new Set(keys.map(({ hash }) => hash));
  // Those from before keys had scopes; one that was changed since then is among the others.
  const older = (await storage.keys()).filter(
    (key) => key.environment === environment && !known.has(key.hash),
  );
  return [...keys, ...older.map(withDefaults)].sort(
    (a, b) => a.createdAt - b.createdAt || (a.hash < b.hash ? -1 : 1),
  );
}

export type NewKey = Pick<KeyRecord, "kind" | "environment"> &
  Partial<Pick<KeyRecord, "name" | "scopes" | "origins" | "expiresAt">>;
type Entry = (subject: string) => AuditEntry;

/** Makes a key. Its text is in the answer and nowhere else. */
export async function createKey(
  { storage, now }: Ports,
  { kind, environment, ...more }: NewKey,
  entry: Entry,
): Promise<{ readonly key: string; readonly record: KeyRecord }> {
  const key = generateKey(kind);
  const record = toStoredKey(key, kind, environment, now(), more);
  await keep(storage, record, 0, now(), [entry(`keys/${record.id}`)]);
  return { key, record };
}

/** From now on it opens nothing. It stays in the list, so that one can see what it was. */
export async function revokeKey(
  { storage, now }: Ports,
  environment: EnvironmentId,
  id: string,
  entry: Entry,
): Promise<KeyRecord> {
  const key = (await keptKeys(storage, environment)).find((one) => one.id === id);
  if (key === undefined) throw httpError("not-found", `There is no key "${id}".`);
  if (key.revokedAt !== null) return key;
  const revoked = { ...key, revokedAt: now() };
  const row = await storage.document(environment, "key", key.hash);
  await keep(storage, revoked, row?.revision ?? 0, now(), [entry(`keys/${id}`)]);
  return revoked;
}

async function keep(
  storage: Storage,
  key: KeyRecord,
  expected: number,
  now: number,
  entries: readonly AuditEntry[] = [],
): Promise<void> {
  const write = { collection: "key", id: key.hash, expected, body: JSON.stringify(key) } as const;
  if (!(await storage.writeDocument(key.environment, write, now, entries)))
    throw httpError("unavailable", "The key was changed at the same moment. Try again.");
}

/** How long another process goes on taking a key that was revoked here. */
const RELOAD_MS = 5_000;
/** How exactly the last use is known. */
const USE_MS = 60_000;

/** The keys as they now are, found without waiting. */
export interface LiveKeys {
  readonly keyring: Keyring;
  /** Reads keys and the environments' allow-lists again. */
  reload(): Promise<void>;
  dispose(): void;
}

interface LiveKeysOptions extends Ports {
  readonly demo: boolean;
  /** Given by the operator: they are not in the store, and nobody can revoke them from outside. */
  readonly given?: readonly KeyRecord[];
}

/** Looks after a keyring: other processes may change keys. `reload` has to be awaited once before the first request. */
export function createLiveKeys({ storage, now, demo, given = [] }: LiveKeysOptions): LiveKeys {
  const origins = new Map<EnvironmentId, readonly string[]>();
  const used = new Map<string, number>();
  const options = {
    demo,
    now,
    originsOf: (environment: EnvironmentId) => origins.get(environment) ?? [],
    onUse: ({ hash }: KeyRecord) => void used.set(hash, now()),
  };
  let ring = createKeyring(given, options);

  const environments = demo ? [DEMO_ENVIRONMENT] : ENVIRONMENTS;
  const load = async () => {
    const all = await Promise.all(environments.map((environment) => keptKeys(storage, environment)));
    for (const environment of new Set([...all.flat(), ...given].map((key) => key.environment))) {
      const { settings } = await storage.definitions(environment);
      origins.set(environment, settings?.body.origins ?? []);
    }
    ring = createKeyring([...all.flat(), ...given], options);
    await noteUse(all.flat());
  };
  const noteUse = async (keys: readonly KeyRecord[]) => {
    for (const key of keys) {
      const at = used.get(key.hash);
      used.delete(key.hash);
      if (at === undefined || at - (key.lastUsedAt ?? 0) < USE_MS) continue;
      const row = await storage.document(key.environment, "key", key.hash);
      // As it now is: since it was read above it may have been revoked.
      const kept = row === undefined ? key : (JSON.parse(row.body) as KeyRecord);
      await keep(storage, { ...kept, lastUsedAt: at }, row?.revision ?? 0, now()).catch(() => {});
    }
  };
  // One after the other: what was read before a key was revoked must not stand over what was read after it.
  let last: Promise<void> = Promise.resolve();
  const reload = () => {
    last = last.then(load, load);
    return last;
  };
  // A store that cannot be read now will be in five seconds; until then the keys are those of before.
  const timer = setInterval(() => void reload().catch(() => {}), RELOAD_MS);
  timer.unref();
  return { keyring: (key) => ring(key), reload, dispose: () => clearInterval(timer) };
}
