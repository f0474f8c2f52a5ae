import type { EnvironmentId, Storage } from "../storage/storage.ts";
import type { DecisionsReport } from "./report-schemas.ts";
export async function decisionsReport(
  _storage: Storage,
  _environment: EnvironmentId,
  _query: { from: number; to: number; flow: string | undefined; user: string | undefined; limit: number },
): Promise<DecisionsReport> {
  return { decisions: [], users: [] };
}
export const decisionsCsv = (_report: DecisionsReport): string => "";
