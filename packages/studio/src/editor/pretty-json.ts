/** How wide a line may get before its list or object is broken up. */
const WIDTH = 96;

/** JSON as a person would lay it out: what fits on a line stays on it, two spaces a level. */
export function prettyJson(value: unknown, width = WIDTH): string {
  return print(value, "", 0, width);
}

function print(value: unknown, indent: string, lead: number, width: number): string {
  const flat = printFlat(value);
  if (typeof value !== "object" || value === null) return flat;
  // The document itself and lists of objects are always opened: one line each reads best.
  const opens = indent === "" || (Array.isArray(value) && value.some(isNested) && value.length > 1);
  if (!opens && indent.length + lead + flat.length <= width) return flat;
  const inner = `${indent}  `;
  if (Array.isArray(value)) {
    if (value.length === 0) return "[]";
    const lines = value.map((item) => inner + print(item, inner, 0, width));
    return `[\n${lines.join(",\n")}\n${indent}]`;
  }
  const entries = Object.entries(value);
  if (entries.length === 0) return "{}";
  const lines = entries.map(([key, item]) => {
    const name = `${JSON.stringify(key)}: `;
    return inner + name + print(item, inner, name.length, width);
  });
  return `{\n${lines.join(",\n")}\n${indent}}`;
}

function printFlat(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(printFlat).join(", ")}]`;
  if (typeof value === "object" && value !== null) {
    const entries = Object.entries(value).map(([key, item]) => `${JSON.stringify(key)}: ${printFlat(item)}`);
    return entries.length === 0 ? "{}" : `{ ${entries.join(", ")} }`;
  }
  return JSON.stringify(value) ?? "null";
}

/** An object that itself holds objects or lists: too much for one line beside its siblings. */
function isNested(value: unknown): boolean {
  return (
    typeof value === "object" &&
    value !== null &&
    Object.values(value).some((item) => typeof item === "object" && item !== null)
  );
}
