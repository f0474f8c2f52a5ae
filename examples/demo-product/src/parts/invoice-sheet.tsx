import { type Invoice, netOf, taxOf, totalOf } from "../model/invoice.ts";
import { amount, longDate, money, useWords } from "../words/language.ts";

/** The invoice itself, as both sides see it. */
export function InvoiceSheet({ invoice, firm }: { invoice: Invoice; firm: string }) {
  const words = useWords();
  return (
    <div class="sheet paper">
      <dl class="parties">
        <div>
          <dt>{words.invoice.from}</dt>
          <dd>{firm}</dd>
        </div>
        <div>
          <dt>{words.invoice.to}</dt>
          <dd>
            {invoice.client.name}
            {invoice.client.city === "" ? null : <small>{invoice.client.city}</small>}
          </dd>
        </div>
        <div>
          <dt>{words.invoice.issued}</dt>
          <dd>{longDate(words, invoice.issued)}</dd>
        </div>
        <div>
          <dt>{words.invoice.payWithin}</dt>
          <dd>{longDate(words, invoice.due)}</dd>
        </div>
      </dl>
      <table class="list lines-table">
        <thead>
          <tr>
            <th scope="col">{words.invoice.what}</th>
            <th scope="col" class="num">
              {words.invoice.quantity}
            </th>
            <th scope="col" class="num">
              {words.invoice.price}
            </th>
            <th scope="col" class="num">
              {words.invoice.sum}
            </th>
          </tr>
        </thead>
        <tbody>
          {invoice.lines.map((line) => (
            <tr key={line.what}>
              <td>{line.what}</td>
              <td class="num">{line.quantity.toLocaleString(words.tag)}</td>
              <td class="num">{amount(words, line.price)}</td>
              <td class="num">{amount(words, Math.round(line.price * line.quantity))}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <dl class="totals">
        <div>
          <dt>{words.invoice.net}</dt>
          <dd>{money(words, netOf(invoice))}</dd>
        </div>
        <div>
          <dt>{words.invoice.tax}</dt>
          <dd>{money(words, taxOf(invoice))}</dd>
        </div>
        <div class="grand">
          <dt>{words.invoice.total}</dt>
          <dd>{money(words, totalOf(invoice))}</dd>
        </div>
      </dl>
    </div>
  );
}
