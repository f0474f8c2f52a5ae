import type { Duration, Json } from "@cairn/flow-schema";

/** The spans in `$ago` and `$ahead`, each with its comparison. */
export const spansOf = (value: Json): readonly (readonly [comparison: string, span: Duration])[] =>
  Object.entries((value ?? {}) as { readonly [comparison: string]: Duration });
