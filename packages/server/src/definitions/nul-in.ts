import { pointer } from "@cairn/flow-schema";

/** Where a text or a name in it holds NUL, as a JSON pointer: not every store can be asked for such a text. */
export function nulIn(value: unknown, path = ""): string | undefined {
  if (typeof value === "string") return value.includes("\0") ? path : undefined;
  if (typeof value !== "object" || value === null) return undefined;
  for (const [name, inner] of Object.entries(value)) {
    const found = name.includes("\0") ? path : nulIn(inner, pointer(path, name));
    if (found !== undefined) return found;
  }
  return undefined;
}
