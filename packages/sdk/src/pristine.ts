/**
 * Runs `fn`, which makes JSON, as the language means it: an old Prototype.js gives lists a `toJSON` that makes texts of
 * them. It is put aside for that moment, in which nothing of the host's runs.
 */
export function pristine<T>(fn: () => T): T {
  const own = Object.getOwnPropertyDescriptor(Array.prototype, "toJSON");
  // Not deleted: whoever goes through the names of a list would find them in another order afterwards.
  if (!own || !Reflect.defineProperty(Array.prototype, "toJSON", { ...own, value: undefined })) return fn();
  try {
    return fn();
  } finally {
    Object.defineProperty(Array.prototype, "toJSON", own);
  }
}
