import { afterEach, describe, expect, it, vi } from "vitest";
import { timeZone } from "./time-zone.ts";

afterEach(() => vi.unstubAllGlobals());

describe("the time zone", () => {
  it("is asked of Temporal where the browser has it, without an Intl object", () => {
    const formats = vi.spyOn(Intl, "DateTimeFormat");
    vi.stubGlobal("Temporal", { Now: { timeZoneId: () => "Asia/Kolkata" } });
    expect(timeZone()).toBe("Asia/Kolkata");
    expect(formats).not.toHaveBeenCalled();
    formats.mockRestore();
  });

  it("is Intl's where there is no Temporal", () => {
    vi.stubGlobal("Temporal", undefined);
    expect(timeZone()).toBe(Intl.DateTimeFormat().resolvedOptions().timeZone);
  });

  it("is UTC where the page has put something else in place of both", () => {
    vi.stubGlobal("Temporal", {});
    expect(timeZone()).toBe("UTC");
  });
});
