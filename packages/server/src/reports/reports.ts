import type { EnvironmentId } from "../storage/storage.ts";
import { activationReport } from "./activation.ts";
import { adoptionReport } from "./adoption.ts";
import { decisionsReport } from "./decisions.ts";
import { funnelReport } from "./funnel.ts";
import type { ReportSource } from "./report-source.ts";
import { targetsReport } from "./targets.ts";
import { heardBy } from "./verified-source.ts";

type Ask<Report extends (source: ReportSource, environment: EnvironmentId, query: never) => unknown> = (
  environment: EnvironmentId,
  query: Parameters<Report>[2],
) => ReturnType<Report>;

/** Every report there is, as questions about an environment; where they are worked out is not said. */
export interface Reports {
  readonly activation: Ask<typeof activationReport>;
  readonly adoption: Ask<typeof adoptionReport>;
  readonly funnel: Ask<typeof funnelReport>;
  readonly decisions: Ask<typeof decisionsReport>;
  readonly targets: Ask<typeof targetsReport>;
}
export type ReportName = keyof Reports;

/** Reports worked out here, on the thread that asks. */
export function createReports(source: ReportSource): Reports {
  return {
    activation: (environment, query) => activationReport(heardBy(source, query.verified), environment, query),
    adoption: (environment, query) => adoptionReport(heardBy(source, query.verified), environment, query),
    funnel: (environment, query) => funnelReport(heardBy(source, query.verified), environment, query),
    decisions: (environment, query) => decisionsReport(source, environment, query),
    targets: (environment, query) => targetsReport(source, environment, query),
  };
}
