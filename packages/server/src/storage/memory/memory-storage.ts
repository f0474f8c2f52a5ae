import { createScannedReports } from "../scanned-reports.ts";
import type { Storage } from "../storage.ts";
import { createMemoryDefinitions } from "./memory-definitions.ts";
import { createMemoryAudit, createMemoryDocuments } from "./memory-documents.ts";
import { createMemoryEvents } from "./memory-events.ts";
import { createMemoryKeys } from "./memory-keys.ts";
import { createMemoryUpkeep } from "./memory-upkeep.ts";

/** Keeps everything in the process: for tests, and for local work without a file. Nothing survives. */
export function createMemoryStorage(): Storage {
  const { add, audit } = createMemoryAudit();
  const { environments, remove, ...events } = createMemoryEvents();
  const { removeStates, ...documents } = createMemoryDocuments({ add, audit });
  return {
    ...events,
    ...createScannedReports(events),
    ...createMemoryDefinitions({ add }),
    ...documents,
    ...createMemoryUpkeep({ ...events, environments, remove }, { removeStates }, { add }),
    audit,
    ...createMemoryKeys(),
    async probe() {},
    async dispose() {},
  };
}
