import { afterEach, describe } from "vitest";
import type { Storage } from "../../src/storage/storage.ts";
import { describeDefinitions } from "./definitions.ts";
import { describeDocuments } from "./documents.ts";
import { describeEvents } from "./events.ts";
import { describeKeys } from "./keys.ts";
import { describeRollups } from "./rollups.ts";
import { describeUpkeep } from "./upkeep.ts";

/** What every store must do, one file per concern. `open` gives a fresh, empty one. */
export function describeStorage(name: string, open: () => Promise<Storage>): void {
  describe(`storage contract: ${name}`, () => {
    const opened: Storage[] = [];
    const fresh = async () => {
      const storage = await open();
      opened.push(storage);
      return storage;
    };
    afterEach(async () => {
      for (const storage of opened.splice(0)) await storage.dispose();
    });
    describeEvents(fresh);
    describeRollups(fresh);
    describeDefinitions(fresh);
    describeKeys(fresh);
    describeDocuments(fresh);
    describeUpkeep(fresh);
  });
}
