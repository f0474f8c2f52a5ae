import type { Feature, Flow, Segment, Settings } from "@cairn/flow-schema";
import type { AuditEntry } from "./audit-store.ts";
import type { EnvironmentId } from "./environment-id.ts";

export type DefinitionKind = "flow" | "feature" | "segment" | "settings";
export interface DefinitionBodies {
  readonly flow: Flow;
  readonly feature: Feature;
  readonly segment: Segment;
  readonly settings: Settings;
}
export interface StoredDefinition<Kind extends DefinitionKind = DefinitionKind> {
  readonly kind: Kind;
  /** `""` for the settings. */
  readonly id: string;
  /** Number of the environment's change that wrote it: the entity tag. */
  readonly revision: number;
  readonly updatedAt: number;
  /** Put away by its authors: in no list, and not to be published. Only flows. */
  readonly archivedAt?: number;
  readonly body: DefinitionBodies[Kind];
}
/** One immutable published version of a flow. */
export interface StoredVersion {
  readonly flow: string;
  readonly version: number;
  readonly publishedAt: number;
  /** Who published it; `null` before Cairn asked. */
  readonly author: string | null;
  readonly note: string | null;
  readonly body: Flow;
}
/** All definitions of an environment at one revision. */
export interface Definitions {
  /** Grows by one with every change. */
  readonly revision: number;
  readonly drafts: readonly StoredDefinition<"flow">[];
  readonly live: readonly StoredVersion[];
  readonly features: readonly StoredDefinition<"feature">[];
  readonly segments: readonly StoredDefinition<"segment">[];
  readonly settings: StoredDefinition<"settings"> | null;
}
export type DefinitionChange =
  | {
      readonly type: "put";
      readonly kind: DefinitionKind;
      readonly id: string;
      readonly body: DefinitionBodies[DefinitionKind];
    }
  | { readonly type: "delete"; readonly kind: DefinitionKind; readonly id: string }
  /** Writes the next version of the flow and makes it the live one. */
  | { readonly type: "publish"; readonly flow: string; readonly body: Flow; readonly note: string | null }
  /** Takes a flow out of the config and out of sight, or brings its draft back. */
  | { readonly type: "archive"; readonly flow: string; readonly archived: boolean };

/** How late a server may see what another one has published, in milliseconds. */
export const CONFIG_AGE_MS = 1_000;
/** How long a server goes on with what it knew last where its database cannot be asked; as caches may. */
export const CONFIG_STALE_MS = 600_000;

/** Who made a change, and what the audit log is to say of it. */
export interface Trail {
  readonly author: string;
  readonly entries: readonly AuditEntry[];
}

export interface DefinitionStore {
  definitions(environment: EnvironmentId): Promise<Definitions>;
  /**
   * The same from memory, for what is asked all the time: with every change made through this store, and those of
   * other servers at most {@link CONFIG_AGE_MS} late; {@link CONFIG_STALE_MS} where the database cannot be asked.
   */
  recentDefinitions(environment: EnvironmentId): Promise<Definitions>;
  /** All versions of a flow, newest first; also of a deleted one. */
  versions(environment: EnvironmentId, flow: string): Promise<readonly StoredVersion[]>;
  /**
   * Applies all changes in one commit with their trail, if the environment is still at this revision; `false` where
   * it is not, and nothing was done.
   */
  change(
    environment: EnvironmentId,
    expected: number,
    changes: readonly DefinitionChange[],
    now: number,
    trail?: Trail,
  ): Promise<boolean>;
}
