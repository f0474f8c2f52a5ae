import { addDays, type Day, dayOf } from "./day.ts";

export const ROLES = ["new", "experienced", "admin"] as const;
/** Whose eyes the visitor looks through. */
export type PersonKind = (typeof ROLES)[number];

export type Plan = "trial" | "solo" | "pro";

export interface Person {
  readonly kind: PersonKind;
  readonly id: string;
  readonly name: string;
  readonly email: string;
  readonly role: "owner" | "bookkeeper" | "viewer";
  readonly payer: boolean;
  readonly createdAt: Day;
  readonly lastExportAt?: Day;
  readonly account: Account;
}

export interface Account {
  readonly id: string;
  readonly name: string;
  readonly plan: Plan;
  readonly members: number;
  readonly seats: number;
  readonly createdAt: Day;
  readonly trialEndsAt?: Day;
  readonly firstValueAt?: Day;
  readonly paymentDueAt?: Day;
  /** Euro. */
  readonly amountDue?: number;
}

/**
 * The three people one can be. Everybody new joins the same firm, whose id falls into the guided share of every
 * holdout, so that a visitor of the demo always sees the hints.
 */
export function personOf(kind: PersonKind, id: string, now: number): Person {
  const today = dayOf(now);
  switch (kind) {
    case "new":
      return {
        kind,
        id,
        name: "Lina Brandt",
        email: "lina@brandt-joiners.example",
        role: "owner",
        payer: false,
        createdAt: today,
        account: {
          id: "brandt-joiners",
          name: "Brandt Joiners",
          plan: "trial",
          members: 1,
          seats: 3,
          createdAt: today,
          trialEndsAt: addDays(today, 14),
        },
      };
    case "experienced":
      return {
        kind,
        id,
        name: "Marta Lindqvist",
        email: "marta@brightwater-garden-care.example",
        role: "bookkeeper",
        payer: true,
        createdAt: addDays(today, -412),
        lastExportAt: addDays(today, -34),
        account: {
          id: "brightwater-garden-care",
          name: "Brightwater Gardens",
          plan: "pro",
          members: 5,
          seats: 6,
          createdAt: addDays(today, -440),
          firstValueAt: addDays(today, -436),
          paymentDueAt: addDays(today, 4),
          amountDue: 174,
        },
      };
    case "admin":
      return {
        kind,
        id,
        name: "Tomas Reyes",
        email: "tomas@reyes-studio.example",
        role: "owner",
        payer: false,
        createdAt: addDays(today, -11),
        account: {
          id: "reyes-studio",
          name: "Reyes Studio",
          plan: "trial",
          members: 1,
          seats: 3,
          createdAt: addDays(today, -11),
          trialEndsAt: addDays(today, 3),
          firstValueAt: addDays(today, -6),
        },
      };
  }
}

/** New people are fresh each time; the other two are always the same. */
export function personId(kind: PersonKind): string {
  if (kind === "experienced") return "marta-lindqvist";
  if (kind === "admin") return "tomas-reyes";
  const bytes = crypto.getRandomValues(new Uint8Array(5));
  return `lina-${Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("")}`;
}
