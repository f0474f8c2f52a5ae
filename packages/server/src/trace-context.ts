/** Where a request belongs, as W3C Trace Context has it. */
export interface Trace {
  /** 32 hexadecimal digits. */
  readonly traceId: string;
  /** What is answered, as `traceresponse`; only whoever sent a `traceparent` is answered one. */
  readonly response?: string;
}

const PARENT = /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/;
const ZEROS = /^0+$/;

/**
 * Goes on with the trace of a valid `traceparent`; anything else is ignored, and a trace of its own begins. `id` is
 * the request's: a UUID, out of whose random digits the new ids are made.
 */
export function traceOf(traceparent: string | null | undefined, id: string): Trace {
  const hex = id.replaceAll("-", "");
  if (traceparent === null || traceparent === undefined) return { traceId: hex };
  const [, version, traceId = "", parentId = "", flags = "0", more] = PARENT.exec(traceparent) ?? [];
  const isValid =
    version !== undefined &&
    version !== "ff" &&
    // Later versions may say more; this one is exactly so long.
    (version !== "00" || more === undefined) &&
    !ZEROS.test(traceId) &&
    !ZEROS.test(parentId);
  if (!isValid) return { traceId: hex };
  // Of the flags only "sampled" is known; we answer in the version that we know.
  const sampled = (Number.parseInt(flags, 16) & 1).toString(16).padStart(2, "0");
  return { traceId, response: `00-${traceId}-${hex.slice(-16)}-${sampled}` };
}
