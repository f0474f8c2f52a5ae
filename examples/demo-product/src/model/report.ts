import { type Day, monthOf, monthsUpTo } from "./day.ts";
import { type Invoice, netOf, statusOf, totalOf } from "./invoice.ts";

export const PERIODS = ["3m", "6m", "12m"] as const;
export type Period = (typeof PERIODS)[number];

export interface ReportFilter {
  readonly period: Period;
  /** Client id, or `""` for all. */
  readonly client: string;
  readonly state: "all" | "paid" | "open";
}

export interface ReportRow {
  /** `2026-11` */
  readonly month: string;
  readonly count: number;
  /** Euro cents. */
  readonly net: number;
  readonly total: number;
  readonly paid: number;
  readonly open: number;
}

export interface Report {
  readonly rows: readonly ReportRow[];
  readonly sum: Omit<ReportRow, "month">;
}

const MONTHS = { "3m": 3, "6m": 6, "12m": 12 } as const;

/** What was invoiced per month of issue; drafts do not count. Oldest month first. */
export function reportOf(invoices: readonly Invoice[], filter: ReportFilter, today: Day): Report {
  const rows = monthsUpTo(today, MONTHS[filter.period]).map((month): ReportRow => {
    const chosen = invoices.filter((invoice) => {
      const status = statusOf(invoice, today);
      return (
        monthOf(invoice.issued) === month &&
        status !== "draft" &&
        (filter.client === "" || invoice.client.id === filter.client) &&
        (filter.state === "all" || (filter.state === "paid") === (status === "paid"))
      );
    });
    const total = chosen.reduce((sum, invoice) => sum + totalOf(invoice), 0);
    const paid = chosen.reduce(
      (sum, invoice) => sum + (invoice.paidOn === undefined ? 0 : totalOf(invoice)),
      0,
    );
    const net = chosen.reduce((sum, invoice) => sum + netOf(invoice), 0);
    return { month, count: chosen.length, net, total, paid, open: total - paid };
  });
  const add = (key: Exclude<keyof ReportRow, "month">) => rows.reduce((sum, row) => sum + row[key], 0);
  return {
    rows,
    sum: { count: add("count"), net: add("net"), total: add("total"), paid: add("paid"), open: add("open") },
  };
}
