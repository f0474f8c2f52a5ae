import { useState } from "preact/hooks";
import { today } from "../model/clock.ts";
import { STATUSES, type Status, statusOf, totalOf } from "../model/invoice.ts";
import { useBooks } from "../model/store-context.ts";
import { StatusTag } from "../parts/status-tag.tsx";
import { money, shortDate, useWords } from "../words/language.ts";

const AT_FIRST = 14;

export function Invoices() {
  const words = useWords();
  const { invoices } = useBooks();
  const [chosen, setChosen] = useState<Status | "all">("all");
  const [all, setAll] = useState(false);
  const day = today();
  const rows = [...invoices]
    .reverse()
    .map((invoice) => ({ invoice, status: statusOf(invoice, day) }))
    .filter((row) => chosen === "all" || row.status === chosen);
  const shown = all ? rows : rows.slice(0, AT_FIRST);
  const count = (status: Status): number =>
    invoices.filter((invoice) => statusOf(invoice, day) === status).length;

  return (
    <div class="page">
      <div class="page-head">
        <h1>{words.invoice.title}</h1>
        <a class="button primary" href="/demo/invoices/new" data-cairn="new-invoice-button">
          {words.invoice.create}
        </a>
      </div>
      <div class="filters">
        {(["all", ...STATUSES] as const).map((status) => (
          <button
            key={status}
            type="button"
            aria-pressed={chosen === status}
            onClick={() => setChosen(status)}
          >
            {status === "all" ? words.invoice.all : words.invoice.status[status]}
            <i>{status === "all" ? invoices.length : count(status)}</i>
          </button>
        ))}
      </div>
      <table class="list">
        <thead>
          <tr>
            <th scope="col">{words.invoice.number}</th>
            <th scope="col">{words.invoice.client}</th>
            <th scope="col">{words.invoice.issued}</th>
            <th scope="col">{words.invoice.due}</th>
            <th scope="col" class="num">
              {words.invoice.amount}
            </th>
            <th scope="col">{words.invoice.state}</th>
          </tr>
        </thead>
        <tbody>
          {shown.map(({ invoice, status }) => (
            <tr key={invoice.id}>
              <td class="c-number">{invoice.id}</td>
              <td class="c-client">
                <a href={`/demo/invoices/${invoice.id}`}>{invoice.client.name}</a>
                {invoice.imported ? <small>{words.invoice.imported}</small> : null}
              </td>
              <td class="c-issued">{shortDate(words, invoice.issued)}</td>
              <td class="c-due">{shortDate(words, invoice.due)}</td>
              <td class="c-amount num">{money(words, totalOf(invoice))}</td>
              <td class="c-state">
                <StatusTag status={status} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {rows.length === 0 ? <p class="quiet-text">{words.invoice.empty}</p> : null}
      {rows.length > shown.length ? (
        <button type="button" class="button more" onClick={() => setAll(true)}>
          {words.home.all} ({rows.length})
        </button>
      ) : null}
    </div>
  );
}
