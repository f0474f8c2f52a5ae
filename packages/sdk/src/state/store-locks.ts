import type { Store } from "../ports.ts";
import type { Locks } from "./tab-lock.ts";

/**
 * Locks over the shared store, where the browser has none (they are missing in insecure contexts). Nobody is told that
 * a lock was stolen, and a tab that crashed keeps its own: `TabLock` asks the holder, and steals from one that is silent.
 */
export function createStoreLocks({ store, tab }: { store: Store; tab: string }): Locks {
  return {
    async request(name, { steal = false }, callback) {
      let isMine = false;
      await store.update(name, (old) => {
        isMine = steal || old === undefined || old === tab;
        return isMine ? tab : old;
      });
      const given = await callback(isMine ? { name, mode: "exclusive" } : null);
      // What was taken away is another's; but a page that goes has no time to read whose it is.
      if (given === "going") await store.put([[name, undefined]]);
      else if (given) await store.update(name, (old) => (old === tab ? undefined : old));
    },
  };
}
