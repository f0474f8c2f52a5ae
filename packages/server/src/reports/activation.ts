import type { EnvironmentId, Storage } from "../storage/storage.ts";
import type { ActivationReport } from "./report-schemas.ts";
export async function activationReport(
  _storage: Storage,
  _environment: EnvironmentId,
  { from, to }: { from: number; to: number; feature: string | undefined },
): Promise<ActivationReport> {
  return {
    from: new Date(from).toISOString(),
    to: new Date(to).toISOString(),
    timezone: "UTC",
    features: [],
  };
}
export const activationCsv = (_report: ActivationReport): string => "";
