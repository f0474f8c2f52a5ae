import type { Feature } from "./feature.ts";
import type { Flow } from "./flow.ts";
import type { Segment } from "./segment.ts";
import type { Settings } from "./settings.ts";

/** Everything that is published in one environment: the body of `GET /v1/config`. */
export interface Config {
  readonly schemaVersion: 1;
  readonly environment?: string;
  readonly flows: readonly Flow[];
  readonly features?: readonly Feature[];
  readonly segments?: readonly Segment[];
  readonly settings?: Settings;
}
