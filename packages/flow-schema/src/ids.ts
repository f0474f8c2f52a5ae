declare const brand: unique symbol;

/** A string that has been checked by {@link parseId}; plain strings do not fit where one is asked for. */
export type Id<Kind extends string> = string & { readonly [brand]: Kind };

export type FlowId = Id<"flow">;
export type StepId = Id<"step">;
export type ItemId = Id<"item">;
export type ActionId = Id<"action">;
export type VariantId = Id<"variant">;
export type FeatureId = Id<"feature">;
export type SegmentId = Id<"segment">;

/** The shape of every id an author writes: lower-case words joined by hyphens, at most 64 characters. */
export const ID_PATTERN = /^[a-z0-9]+(?:-[a-z0-9]+)*$/;
export const ID_MAX_LENGTH = 64;

/** The one way to make an id: the string itself, or `undefined` where it does not have the shape. */
export function parseId<T extends Id<string>>(value: unknown): T | undefined {
  return typeof value === "string" && value.length <= ID_MAX_LENGTH && ID_PATTERN.test(value)
    ? (value as T)
    : undefined;
}

/** Like {@link parseId}, for ids the program itself wrote; throws a `TypeError` that shows what it got. */
export function toId<T extends Id<string>>(value: string): T {
  const id = parseId<T>(value);
  if (id === undefined) throw new TypeError(`not an id: ${JSON.stringify(value)}`);
  return id;
}
