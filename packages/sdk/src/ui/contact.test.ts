import type { JsonObject } from "@cairn/flow-schema";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { contactOf, dialled } from "./contact.ts";

const allowsUrl = (url: string) => /^https:/.test(url);
const csm = { name: "Olga", calendar: "https://example.com/olga" };
const support = { email: "help@example.com" };

describe("whom an account can turn to", () => {
  it("is the one that is asked for, else the other, else nobody", () => {
    expect(contactOf({ csm, support }, "csm", allowsUrl)).toEqual({ who: "csm", ...csm });
    expect(contactOf({ csm, support }, "support", allowsUrl)).toEqual({ who: "support", ...support });
    expect(contactOf({ csm }, "support", allowsUrl)).toEqual({ who: "csm", ...csm });
    expect(contactOf({ support }, "csm", allowsUrl)).toEqual({ who: "support", ...support });
    expect(contactOf({}, "csm", allowsUrl)).toBeUndefined();
  });

  it("is nobody where there is a name and no way", () => {
    expect(contactOf({ csm: { name: "Olga", title: "CSM" } }, "csm", allowsUrl)).toBeUndefined();
    expect(contactOf({ csm: { name: "Olga" }, support }, "csm", allowsUrl)?.who).toBe("support");
  });

  it("has only addresses that may be followed, whatever the traits hold", () => {
    let found = 0;
    const odd = fc.oneof(
      fc.string(),
      fc.constantFrom(
        "javascript:alert(1)",
        "a@b.c",
        "+49 30 1",
        "https://x.y",
        "a@b?cc=x@y",
        "data:text/html,1",
      ),
      fc.jsonValue(),
    );
    const trait = fc.oneof(
      fc.jsonValue(),
      fc.record(
        { name: odd, photo: odd, calendar: odd, phone: odd, email: odd, url: odd },
        { requiredKeys: [] },
      ),
    );
    fc.assert(
      fc.property(fc.record({ csm: trait, support: trait }, { requiredKeys: [] }), (account) => {
        const contact = contactOf(account as JsonObject, "csm", allowsUrl);
        if (!contact) return;
        found++;
        for (const value of Object.values(contact)) expect(typeof value).toBe("string");
        for (const url of [contact.photo, contact.calendar, contact.url])
          if (url !== undefined) expect(url).toMatch(/^https:/);
        if (contact.email !== undefined) expect(contact.email).not.toMatch(/[?&\s<>]/);
        if (contact.phone !== undefined) expect(dialled(contact.phone)).toMatch(/^tel:[\d+*#]+$/);
      }),
      { numRuns: 1000 },
    );
    expect(found).toBeGreaterThan(100);
  });

  it("is dialled by digits", () => {
    expect(dialled("+1 (555) 010-9999")).toBe("tel:+15550109999");
  });
});
