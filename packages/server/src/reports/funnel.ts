import type { EnvironmentId, Storage } from "../storage/storage.ts";
import type { FunnelReport } from "./report-schemas.ts";
export async function funnelReport(
  _storage: Storage,
  _environment: EnvironmentId,
  { from, to, flow }: { from: number; to: number; flow: string },
): Promise<FunnelReport> {
  return {
    flow,
    kind: "tour",
    from: new Date(from).toISOString(),
    to: new Date(to).toISOString(),
    unit: "user",
    decided: { shown: 0, withheld: 0, held: {} },
    exposed: 0,
    steps: [],
    completed: 0,
    dismissed: 0,
    goal: null,
  };
}
export const funnelCsv = (_report: FunnelReport): string => "";
