/** Values of `{{…}}` by what stands between the braces; put in as text, never parsed. */
export type Values = { readonly [expression: string]: string };

const VALUES = /\{\{([^{}]*)\}\}/g;

export function withValues(text: string, values: Values, encode = (value: string) => value): string {
  return text.replace(VALUES, (_, expression: string) => encode(lookUp(expression, values)));
}

export function lookUp(expression: string, values: Values): string {
  for (const key of [expression, expression.trim()]) if (Object.hasOwn(values, key)) return values[key] ?? "";
  return "";
}

/** Whether these words are one paragraph without any mark, so that they stand as they are but for their values. */
export const isPlain = (source: string): boolean =>
  !/[\\*_`[\r\n]|^\s*([-+#]|\d+[.)])/.test(source.replace(VALUES, ""));
