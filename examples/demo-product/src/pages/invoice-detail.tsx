import { track } from "../guidance.ts";
import { today } from "../model/clock.ts";
import { type Invoice, statusOf, totalOf } from "../model/invoice.ts";
import { useBooks, useSaldo } from "../model/store-context.ts";
import { InvoiceSheet } from "../parts/invoice-sheet.tsx";
import { StatusTag } from "../parts/status-tag.tsx";
import { longDate, useWords } from "../words/language.ts";
import { NotFound } from "./not-found.tsx";

export function InvoiceDetail({ id }: { id?: string }) {
  const words = useWords();
  const store = useSaldo();
  const { invoices, account } = useBooks();
  const invoice = invoices.find((one) => one.id === id);
  if (invoice === undefined) return <NotFound />;
  const day = today();
  const status = statusOf(invoice, day);
  const change = (fields: Partial<Invoice>): void =>
    store.change((books) => ({
      ...books,
      invoices: books.invoices.map((one) => (one.id === invoice.id ? { ...one, ...fields } : one)),
    }));
  const facts = { invoice: invoice.id, total: totalOf(invoice) / 100, currency: "EUR" };
  const history = [
    ["issued", invoice.issued],
    ["sent", invoice.sentOn],
    ["opened", invoice.openedOn],
    ["reminded", invoice.remindedOn],
    ["paid", invoice.paidOn],
  ] as const;

  return (
    <div class="page narrow">
      <a class="up" href="/demo/invoices">
        {words.invoice.title}
      </a>
      <div class="page-head">
        <h1>
          {words.invoice.yours} <span class="numeral">{invoice.id}</span> <StatusTag status={status} />
        </h1>
        <div class="actions">
          {status === "draft" ? (
            <button
              type="button"
              class="button primary"
              data-cairn="invoice-send"
              onClick={() => {
                change({ sentOn: day });
                track("invoice.sent", facts);
              }}
            >
              {words.invoice.send}
            </button>
          ) : null}
          {["sent", "opened", "overdue"].includes(status) ? (
            <>
              {account.plan === "solo" ? null : (
                <button
                  type="button"
                  class="button"
                  data-cairn="invoice-remind"
                  disabled={invoice.remindedOn === day}
                  onClick={() => {
                    change({ remindedOn: day });
                    track("reminder.sent", { ...facts, overdue: status === "overdue" });
                  }}
                >
                  {words.invoice.remind}
                </button>
              )}
              <button
                type="button"
                class="button"
                onClick={() => {
                  change({ paidOn: day });
                  track("invoice.paid", facts);
                }}
              >
                {words.invoice.markPaid}
              </button>
            </>
          ) : null}
        </div>
      </div>
      {invoice.sentOn === undefined ? null : (
        <div class="note link-note">
          <div>
            <p class="strong">{words.invoice.link}</p>
            <p>{words.invoice.linkNote}</p>
          </div>
          <a class="button" href={`/demo/view/${invoice.id}`} data-cairn="invoice-link">
            {words.invoice.openAs}
          </a>
        </div>
      )}
      <InvoiceSheet invoice={invoice} firm={account.name} />
      <section class="history" aria-labelledby="history">
        <h2 id="history">{words.invoice.history}</h2>
        <ol>
          {history.map(([what, on]) =>
            on === undefined ? null : (
              <li key={what}>
                <time dateTime={on}>{longDate(words, on)}</time>
                {what === "sent" ? words.invoice.sentNote(invoice.client.email) : words.invoice.events[what]}
              </li>
            ),
          )}
        </ol>
      </section>
    </div>
  );
}
