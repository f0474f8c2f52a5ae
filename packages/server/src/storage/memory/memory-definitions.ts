import { applyChanges, emptyDefinitions } from "../apply-changes.ts";
import type { DefinitionStore, Definitions, StoredVersion } from "../definition-store.ts";
import type { MemoryAudit } from "./memory-documents.ts";

interface World {
  definitions: Definitions;
  readonly versions: StoredVersion[];
}

export function createMemoryDefinitions(audit: Pick<MemoryAudit, "add">): DefinitionStore {
  const worlds = new Map<string, World>();
  const world = (environment: string): World => {
    let found = worlds.get(environment);
    if (found === undefined) {
      found = { definitions: emptyDefinitions(), versions: [] };
      worlds.set(environment, found);
    }
    return found;
  };

  return {
    async definitions(environment) {
      return world(environment).definitions;
    },
    async recentDefinitions(environment) {
      return world(environment).definitions;
    },
    async versions(environment, flow) {
      return world(environment)
        .versions.filter((version) => version.flow === flow)
        .sort((a, b) => b.version - a.version);
    },
    async change(environment, expected, changes, now, trail) {
      const w = world(environment);
      if (w.definitions.revision !== expected) return false;
      const result = applyChanges(w.definitions, w.versions, changes, now, trail?.author);
      w.definitions = result.definitions;
      w.versions.push(...result.published);
      audit.add(environment, trail?.entries ?? [], now);
      return true;
    },
  };
}
