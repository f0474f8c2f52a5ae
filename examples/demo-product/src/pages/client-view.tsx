import { useEffect } from "preact/hooks";
import { track } from "../guidance.ts";
import { today } from "../model/clock.ts";
import { totalOf } from "../model/invoice.ts";
import { useBooks, useSaldo } from "../model/store-context.ts";
import { InvoiceSheet } from "../parts/invoice-sheet.tsx";
import { money, useWords } from "../words/language.ts";

/**
 * What the firm's client gets to see: no navigation, no hints. In a real product the server would report
 * `invoice.opened` for the firm's account; the demo has no server, so the page does.
 */
export function ClientView({ id }: { id: string }) {
  const words = useWords();
  const store = useSaldo();
  const { invoices, account } = useBooks();
  const invoice = invoices.find((one) => one.id === id && one.sentOn !== undefined);

  useEffect(() => {
    const release = window.cairn?.hold();
    return () => {
      if (typeof release === "function") release();
    };
  }, []);
  useEffect(() => {
    if (invoice === undefined) return;
    track("invoice.opened", { invoice: invoice.id });
    if (invoice.openedOn === undefined)
      store.change((books) => ({
        ...books,
        invoices: books.invoices.map((one) => (one.id === id ? { ...one, openedOn: today() } : one)),
      }));
  }, [id]);

  return (
    <div class="client-view">
      <aside class="client-note" aria-label={words.demo.short}>
        {words.view.recipient} <a href={`/demo/invoices/${id}`}>{words.view.back}</a>
      </aside>
      <main id="content">
        {invoice === undefined ? (
          <p class="client-missing">{words.view.missing}</p>
        ) : (
          <>
            <header>
              <h1>{words.view.heading(account.name)}</h1>
              <p class="client-total">{money(words, totalOf(invoice))}</p>
            </header>
            <InvoiceSheet invoice={invoice} firm={account.name} />
            <section class="pay">
              <h2>{words.view.pay}</h2>
              <dl>
                <div>
                  <dt>{words.view.iban}</dt>
                  <dd class="numeral">DE00 1234 5678 9012 3456 78</dd>
                </div>
                <div>
                  <dt>{words.view.purpose}</dt>
                  <dd class="numeral">{invoice.id}</dd>
                </div>
              </dl>
            </section>
          </>
        )}
      </main>
      <footer>{words.view.footer}</footer>
    </div>
  );
}
