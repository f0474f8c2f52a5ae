import type { JsonObject } from "@cairn/flow-schema";

/** Whom an account's people can turn to, as far as the account's traits say. */
export interface Contact {
  readonly who: "csm" | "support";
  readonly name?: string;
  readonly title?: string;
  readonly photo?: string;
  /** Where a time can be booked. */
  readonly calendar?: string;
  readonly phone?: string;
  readonly email?: string;
  /** A page with help, or a chat. */
  readonly url?: string;
}

const FIELDS = ["name", "title", "photo", "calendar", "phone", "email", "url"] as const;
/** Longer ones are no names or addresses. Characters. */
const MOST = 500;

/**
 * The account's own `csm` or `support` trait; where the one that is asked for is missing, the other: a person is
 * better than nobody. `undefined` where neither says how they can be reached. Values that are no text are left out.
 */
export function contactOf(
  account: JsonObject,
  asked: Contact["who"],
  allowsUrl: (url: string) => boolean,
): Contact | undefined {
  for (const who of [asked, asked === "csm" ? "support" : "csm"] as const) {
    const trait = Object.hasOwn(account, who) ? account[who] : undefined;
    if (typeof trait !== "object" || trait === null || Array.isArray(trait)) continue;
    const known: { -readonly [field in (typeof FIELDS)[number]]?: string } = {};
    for (const field of FIELDS) {
      const value = Object.hasOwn(trait, field) ? (trait as JsonObject)[field] : undefined;
      const text = typeof value === "string" ? value.trim() : "";
      if (text && text.length <= MOST) known[field] = text;
    }
    for (const field of ["photo", "calendar", "url"] as const)
      if (known[field] !== undefined && !allowsUrl(known[field])) delete known[field];
    // An address that is none would open a mail to nobody.
    if (!/^[^\s@<>?&]+@[^\s@<>?&]+$/.test(known.email ?? "")) delete known.email;
    if (!/\d/.test(known.phone ?? "")) delete known.phone;
    const { calendar, phone, email, url } = known;
    if (calendar || phone || email || url) return { who, ...known };
  }
  return undefined;
}

/** `tel:` takes digits; people write what can be read. */
export const dialled = (phone: string) => `tel:${phone.replace(/[^\d+*#]/g, "")}`;
