import type { EnvironmentId, Storage } from "../storage/storage.ts";
import type { Catalog } from "./report-schemas.ts";
export async function catalog(_storage: Storage, _environment: EnvironmentId): Promise<Catalog> {
  return { events: [], attributes: { user: [], account: [] }, anchors: [], pages: [] };
}
