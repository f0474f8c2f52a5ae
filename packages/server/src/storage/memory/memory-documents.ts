import type { AuditEntry, AuditStore, StoredAuditEntry } from "../audit-store.ts";
import { compareText } from "../compare-text.ts";
import type { DocumentStore, StoredDocument } from "../document-store.ts";

export interface MemoryAudit extends AuditStore {
  add(environment: string, entries: readonly AuditEntry[], at: number): void;
}

export function createMemoryAudit(): MemoryAudit {
  const all: { readonly environment: string; readonly entry: StoredAuditEntry }[] = [];
  return {
    add(environment, entries, at) {
      for (const entry of entries) all.push({ environment, entry: { ...entry, id: all.length + 1, at } });
    },
    async audit(environment, { before = Infinity, subject, limit }) {
      return all
        .filter((one) => one.environment === environment)
        .map(({ entry }) => entry)
        .filter((entry) => entry.id < before && (subject === undefined || entry.subject === subject))
        .reverse()
        .slice(0, limit);
    },
  };
}

export interface MemoryDocuments extends DocumentStore {
  /** Takes away the states that fit; gives back how many. */
  removeStates(environment: string, fits: (state: StoredDocument) => boolean): number;
}

export function createMemoryDocuments(audit: MemoryAudit): MemoryDocuments {
  interface Kept extends StoredDocument {
    readonly expiresAt: number | undefined;
  }
  const collections = new Map<string, Map<string, Kept>>();
  const collectionOf = (environment: string, collection: string): Map<string, Kept> => {
    const key = JSON.stringify([environment, collection]);
    const found = collections.get(key) ?? new Map<string, Kept>();
    collections.set(key, found);
    return found;
  };
  const told = ({ expiresAt: _, ...document }: Kept): StoredDocument => document;
  return {
    removeStates(environment, fits) {
      const states = collectionOf(environment, "state");
      const gone = [...states.values()].filter(fits);
      for (const { id } of gone) states.delete(id);
      return gone.length;
    },
    async document(environment, collection, id) {
      const found = collectionOf(environment, collection).get(id);
      return found && told(found);
    },
    async documents(environment, collection) {
      return [...collectionOf(environment, collection).values()]
        .sort((a, b) => compareText(a.id, b.id))
        .map(told);
    },
    async writeDocument(environment, { collection, id, expected, body, expiresAt }, now, entries = []) {
      const kept = collectionOf(environment, collection);
      if ((kept.get(id)?.revision ?? 0) !== expected) return false;
      if (body === null) kept.delete(id);
      else kept.set(id, { id, revision: expected + 1, updatedAt: now, body, expiresAt });
      for (const one of kept.values())
        if (one.id !== id && one.expiresAt !== undefined && one.expiresAt <= now) kept.delete(one.id);
      audit.add(environment, entries, now);
      return true;
    },
    async dropExpired(now) {
      for (const kept of collections.values())
        for (const { id, expiresAt } of kept.values())
          if (expiresAt !== undefined && expiresAt <= now) kept.delete(id);
    },
  };
}
