/** One more part of a JSON Pointer. */
export const pointer = (path: string, key: string | number): string =>
  `${path}/${`${key}`.replaceAll("~", "~0").replaceAll("/", "~1")}`;
