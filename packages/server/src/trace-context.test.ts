import { describe, expect, it } from "vitest";
import { traceOf } from "./trace-context.ts";

const ID = "3f2a9c1e-5b77-4d10-9abc-0123456789ab";
const OWN = { traceId: "3f2a9c1e5b774d109abc0123456789ab" };
const TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
const PARENT = "00f067aa0ba902b7";

describe("traceOf", () => {
  it.each([
    [`00-${TRACE}-${PARENT}-01`, "01"],
    [`00-${TRACE}-${PARENT}-00`, "00"],
    // Of later versions and flags, what is known is understood.
    [`00-${TRACE}-${PARENT}-ff`, "01"],
    [`00-${TRACE}-${PARENT}-02`, "00"],
    [`cc-${TRACE}-${PARENT}-01`, "01"],
    [`cc-${TRACE}-${PARENT}-01-what-the-future-will-be-like`, "01"],
  ])("goes on with %s", (traceparent, flags) => {
    expect(traceOf(traceparent, ID)).toEqual({
      traceId: TRACE,
      response: `00-${TRACE}-9abc0123456789ab-${flags}`,
    });
  });

  it.each([
    undefined,
    null,
    "",
    "00",
    `00-${TRACE}-${PARENT}`,
    `00-${TRACE}-${PARENT}-1`,
    `00-${TRACE}-${PARENT}-01-more`,
    `00-${TRACE}-${PARENT}-01 `,
    `ff-${TRACE}-${PARENT}-01`,
    `00-${TRACE.toUpperCase()}-${PARENT}-01`,
    `00-${"0".repeat(32)}-${PARENT}-01`,
    `00-${TRACE}-${"0".repeat(16)}-01`,
    `00-${TRACE.slice(1)}-${PARENT}-01`,
    `00-${TRACE}-${PARENT}-0g`,
    `cc-${TRACE}-${PARENT}-01.more`,
    `00-${TRACE}-${PARENT}-01, 00-${TRACE}-${PARENT}-01`,
    `00-anna@example.com-${PARENT}-01`,
    "x".repeat(10_000),
  ])("begins a trace of its own for %s", (traceparent) => {
    expect(traceOf(traceparent, ID)).toEqual(OWN);
  });
});
