import { describe, expect, it } from "vitest";
import { crc32, zipOf } from "../src/files/zip.ts";
import { nextInvoiceId, statusOf, totalOf } from "../src/model/invoice.ts";
import { ROLES } from "../src/model/person.ts";
import { reportOf } from "../src/model/report.ts";
import { sampleInvoices } from "../src/model/sample-invoices.ts";

const TODAY = "2026-11-22";

describe("reports", () => {
  it("sum up to the invoices that they are made of, for each of the people", () => {
    for (const kind of ROLES) {
      const invoices = sampleInvoices(kind, TODAY);
      const report = reportOf(invoices, { period: "12m", client: "", state: "all" }, TODAY);
      const from = report.rows[0]?.month ?? "";
      const chosen = invoices.filter(
        (invoice) => invoice.issued.slice(0, 7) >= from && statusOf(invoice, TODAY) !== "draft",
      );
      expect(report.sum.count).toBe(chosen.length);
      expect(report.sum.total).toBe(chosen.reduce((sum, invoice) => sum + totalOf(invoice), 0));
      expect(report.sum.paid + report.sum.open).toBe(report.sum.total);
    }
  });

  it("keep only the client and the payment state asked for", () => {
    const invoices = sampleInvoices("experienced", TODAY);
    const all = reportOf(invoices, { period: "6m", client: "c1", state: "all" }, TODAY);
    const paid = reportOf(invoices, { period: "6m", client: "c1", state: "paid" }, TODAY);
    const open = reportOf(invoices, { period: "6m", client: "c1", state: "open" }, TODAY);
    expect(paid.sum.count + open.sum.count).toBe(all.sum.count);
    expect(paid.sum.open).toBe(0);
  });
});

describe("invoices", () => {
  it("are numbered on from the last of the year, and from 1 in a new one", () => {
    const invoices = sampleInvoices("new", TODAY);
    const last = Math.max(
      ...invoices.filter(({ id }) => id.startsWith("2026")).map(({ id }) => Number(id.slice(5))),
    );
    expect(nextInvoiceId(invoices, TODAY)).toBe(`2026-${String(last + 1).padStart(4, "0")}`);
    expect(nextInvoiceId(invoices, "2027-01-02")).toBe("2027-0001");
  });

  it("fall overdue on the day after they were due", () => {
    const invoice = { ...sampleInvoices("new", TODAY)[0]!, due: TODAY };
    const { paidOn: _, ...open } = invoice;
    expect(statusOf(open, TODAY)).not.toBe("overdue");
    expect(statusOf(open, "2026-11-23")).toBe("overdue");
  });
});

describe("zip", () => {
  it("has the checksum of the standard's own example", () => {
    expect(crc32(new TextEncoder().encode("123456789"))).toBe(0xcbf43926);
  });

  it("ends with a directory that counts the files and points at their start", () => {
    const bytes = zipOf([
      { name: "a.txt", text: "one" },
      { name: "b/ü.txt", text: "two" },
    ]);
    const end = new DataView(bytes.buffer, bytes.length - 22);
    expect(end.getUint32(0, true)).toBe(0x06054b50);
    expect(end.getUint16(10, true)).toBe(2);
    expect(new DataView(bytes.buffer).getUint32(end.getUint32(16, true), true)).toBe(0x02014b50);
  });
});
