import { today } from "../model/clock.ts";
import { monthOf } from "../model/day.ts";
import { type Invoice, statusOf, totalOf } from "../model/invoice.ts";
import { reportOf } from "../model/report.ts";
import { useBooks } from "../model/store-context.ts";
import { MonthChart } from "../parts/month-chart.tsx";
import { money, shortDate, useWords } from "../words/language.ts";

const DAY_MS = 86_400_000;

export function Home() {
  const words = useWords();
  const { invoices, person } = useBooks();
  const day = today();
  const hour = new Date().getHours();
  const greeting = hour < 12 ? words.home.morning : hour < 18 ? words.home.day : words.home.evening;

  const open = invoices.filter((invoice) => ["sent", "opened", "overdue"].includes(statusOf(invoice, day)));
  const overdue = open.filter((invoice) => statusOf(invoice, day) === "overdue");
  const drafts = invoices.filter((invoice) => statusOf(invoice, day) === "draft");
  const paid = invoices.filter((invoice) => invoice.paidOn !== undefined);
  const paidNow = paid.filter((invoice) => monthOf(invoice.paidOn ?? "") === monthOf(day));
  const report = reportOf(invoices, { period: "6m", client: "", state: "all" }, day);
  const figures = [
    { label: words.home.outstanding, of: open, kind: "plain" },
    { label: words.home.overdue, of: overdue, kind: overdue.length > 0 ? "late" : "plain" },
    { label: words.home.paidThisMonth, of: paidNow, kind: "plain" },
  ];
  const attention = [...drafts, ...overdue].slice(0, 5);
  const recent = [...paid].sort((a, b) => (b.paidOn ?? "").localeCompare(a.paidOn ?? "")).slice(0, 5);
  const sum = (list: readonly Invoice[]): number => list.reduce((all, invoice) => all + totalOf(invoice), 0);

  return (
    <div class="page">
      <h1>
        {greeting}, {person.name.split(" ")[0]}
      </h1>
      {person.account.createdAt === day ? <p class="lead">{words.home.imported}</p> : null}
      <dl class="figures">
        {figures.map((figure) => (
          <div key={figure.label} class={figure.kind}>
            <dt>{figure.label}</dt>
            <dd class="big">{money(words, sum(figure.of))}</dd>
            <dd class="small">{words.home.invoiceCount(figure.of.length)}</dd>
          </div>
        ))}
      </dl>
      <div class="columns">
        <section class="block six" aria-labelledby="six-months">
          <h2 id="six-months">{words.home.sixMonths}</h2>
          <MonthChart rows={report.rows} label={words.home.sixMonths} />
        </section>
        <section class="block recent" aria-labelledby="recent">
          <h2 id="recent">{words.home.recent}</h2>
          <ul class="rows">
            {recent.map((invoice) => (
              <li key={invoice.id}>
                <a href={`/demo/invoices/${invoice.id}`}>
                  <span class="who">{invoice.client.name}</span>
                  <span class="sum">{money(words, totalOf(invoice))}</span>
                  <span class="what">{shortDate(words, invoice.paidOn ?? invoice.issued)}</span>
                  <span class="number">{invoice.id}</span>
                </a>
              </li>
            ))}
          </ul>
        </section>
        <section class="block attention" aria-labelledby="attention">
          <h2 id="attention">{words.home.attention}</h2>
          {attention.length === 0 ? <p class="quiet-text">{words.home.allCalm}</p> : null}
          <ul class="rows">
            {attention.map((invoice) => (
              <li key={invoice.id}>
                <a href={`/demo/invoices/${invoice.id}`}>
                  <span class="who">{invoice.client.name}</span>
                  <span class="sum">{money(words, totalOf(invoice))}</span>
                  <span class="what">
                    {invoice.sentOn === undefined
                      ? words.home.drafts
                      : words.home.late(Math.round((Date.parse(day) - Date.parse(invoice.due)) / DAY_MS))}
                  </span>
                  <span class="number">{invoice.id}</span>
                </a>
              </li>
            ))}
          </ul>
        </section>
      </div>
    </div>
  );
}
