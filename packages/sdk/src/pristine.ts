/**
 * Runs `fn`, which makes JSON, as the language means it: an old Prototype.js gives lists a `toJSON` that makes texts of
 * them. It is put aside for that moment, in which nothing of the host's runs.
 */
export function pristine<T>(fn: () => T): T {
  const own = Object.getOwnPropertyDescriptor(Array.prototype, "toJSON");
  if (!own || !Reflect.deleteProperty(Array.prototype, "toJSON")) return fn();
  try {
    return fn();
  } finally {
    Object.defineProperty(Array.prototype, "toJSON", own);
  }
}
