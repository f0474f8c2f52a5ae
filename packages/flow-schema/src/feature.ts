import type { Condition, EventLeaf, InteractionLeaf, Level } from "./condition.ts";
import type { Duration } from "./duration.ts";
import type { FeatureId } from "./ids.ts";
import type { Text } from "./text.ts";

/** What counts as one use of a feature. */
export type FeatureUse = Pick<EventLeaf, "event" | "where"> | InteractionLeaf;

/** A named capability of the product, and when it counts as activated or lapsed. */
export interface Feature {
  readonly $schema?: string;
  readonly schemaVersion?: 1;
  readonly id: FeatureId;
  readonly name: Text;
  /** Whose uses are pooled. @default "user" */
  readonly level?: Level;
  /** Who may use it: the denominator of its rates. @default everyone */
  readonly availableTo?: Condition;
  readonly uses: readonly FeatureUse[];
  readonly activated: { readonly count: number; readonly within: Duration };
  readonly lapsed?: { readonly after: Duration };
  /** Whether it counts in the adoption of accounts. @default true */
  readonly key?: boolean;
  /**
   * How often an account that has activated it is expected to use it; less than a week counts as a week.
   * @default "1w"
   */
  readonly expectedEvery?: Duration;
  /** Written by the server at publish; ignored on PUT. */
  readonly version?: number;
  readonly publishedAt?: string;
}
