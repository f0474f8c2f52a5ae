import type { Condition } from "./condition.ts";
import type { SegmentId } from "./ids.ts";
import type { Text } from "./text.ts";

/** A named condition that flows share. */
export interface Segment {
  readonly $schema?: string;
  readonly schemaVersion?: 1;
  readonly id: SegmentId;
  readonly name?: Text;
  readonly where: Condition;
}
