import type { Day } from "./day.ts";

export interface Client {
  readonly id: string;
  readonly name: string;
  readonly email: string;
  readonly city: string;
}

export interface Line {
  readonly what: string;
  readonly quantity: number;
  /** Euro cents, before tax. */
  readonly price: number;
}

export interface Invoice {
  /** `2026-0142`, what the client sees. */
  readonly id: string;
  readonly client: Client;
  readonly issued: Day;
  readonly due: Day;
  readonly lines: readonly Line[];
  readonly sentOn?: Day;
  readonly openedOn?: Day;
  readonly paidOn?: Day;
  readonly remindedOn?: Day;
  /** Came from the spreadsheet the firm used before. */
  readonly imported?: boolean;
}

export const STATUSES = ["draft", "sent", "opened", "overdue", "paid"] as const;
export type Status = (typeof STATUSES)[number];

export const TAX_RATE = 0.2;

export function netOf(invoice: Pick<Invoice, "lines">): number {
  return invoice.lines.reduce((sum, line) => sum + Math.round(line.quantity * line.price), 0);
}

export function taxOf(invoice: Pick<Invoice, "lines">): number {
  return Math.round(netOf(invoice) * TAX_RATE);
}

export function totalOf(invoice: Pick<Invoice, "lines">): number {
  return netOf(invoice) + taxOf(invoice);
}

export function statusOf(invoice: Invoice, today: Day): Status {
  if (invoice.paidOn !== undefined) return "paid";
  if (invoice.sentOn === undefined) return "draft";
  if (invoice.due < today) return "overdue";
  return invoice.openedOn === undefined ? "sent" : "opened";
}

/** The next free number of the year. */
export function nextInvoiceId(invoices: readonly Invoice[], today: Day): string {
  const year = today.slice(0, 4);
  const last = invoices
    .filter((invoice) => invoice.id.startsWith(`${year}-`))
    .reduce((most, invoice) => Math.max(most, Number(invoice.id.slice(5))), 0);
  return `${year}-${String(last + 1).padStart(4, "0")}`;
}
