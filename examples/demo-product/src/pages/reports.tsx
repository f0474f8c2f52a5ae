import { useEffect, useState } from "preact/hooks";
import { download } from "../files/download.ts";
import { excelOf } from "../files/excel.ts";
import { pdfOf } from "../files/pdf.ts";
import { track } from "../guidance.ts";
import { today } from "../model/clock.ts";
import { PERIODS, type Period, type ReportFilter, reportOf } from "../model/report.ts";
import { useBooks } from "../model/store-context.ts";
import { ExportMenu } from "../parts/export-menu.tsx";
import { MonthChart } from "../parts/month-chart.tsx";
import { amount, monthName, useWords } from "../words/language.ts";

export function Reports() {
  const words = useWords();
  const { invoices, clients, account } = useBooks();
  const [filter, setFilter] = useState<ReportFilter>({ period: "6m", client: "", state: "all" });
  const [note, setNote] = useState("");
  const report = reportOf(invoices, filter, today());

  useEffect(() => {
    track("report.viewed", { report: "sales" });
  }, []);

  const narrow = (change: Partial<ReportFilter>): void => {
    const next = { ...filter, ...change };
    setFilter(next);
    setNote("");
    track("report.filtered", {
      report: "sales",
      period: next.period,
      state: next.state,
      client: next.client !== "",
    });
  };
  const columns = [
    words.report.month,
    words.report.count,
    words.report.total,
    words.report.paid,
    words.report.open,
  ];
  const save = async (format: "pdf" | "xlsx"): Promise<void> => {
    const name = `saldo-${account.id}-${filter.period}.${format}`;
    if (format === "xlsx") {
      download(
        excelOf(words.report.title, [
          columns,
          ...report.rows.map((row) => [
            monthName(words, row.month),
            row.count,
            row.total / 100,
            row.paid / 100,
            row.open / 100,
          ]),
          [
            words.report.sum,
            report.sum.count,
            report.sum.total / 100,
            report.sum.paid / 100,
            report.sum.open / 100,
          ],
        ]),
        name,
      );
    } else {
      const cells = (first: string, row: typeof report.sum): string[] => [
        first,
        String(row.count),
        amount(words, row.total),
        amount(words, row.paid),
        amount(words, row.open),
      ];
      download(
        await pdfOf(`${account.name} · ${words.report.title}`, words.report.lead, [
          columns,
          ...report.rows.map((row) => cells(monthName(words, row.month), row)),
          cells(words.report.sum, report.sum),
        ]),
        name,
      );
    }
    track("report.exported", { report: "sales", format, period: filter.period });
    setNote(words.report.saved(name));
  };

  return (
    <div class="page">
      <div class="page-head">
        <h1>{words.report.title}</h1>
        {account.plan === "solo" ? (
          <p class="quiet-text">
            <a href="/demo/billing">{words.report.locked}</a>
          </p>
        ) : (
          <ExportMenu onPick={save} />
        )}
      </div>
      <p class="lead">{words.report.lead}</p>
      <div class="report-filters" data-cairn="report-filter">
        <label class="field">
          <span>{words.report.period}</span>
          <select
            value={filter.period}
            onChange={(event) => narrow({ period: event.currentTarget.value as Period })}
          >
            {PERIODS.map((period) => (
              <option key={period} value={period}>
                {words.report.periods[period]}
              </option>
            ))}
          </select>
        </label>
        <label class="field">
          <span>{words.report.client}</span>
          <select value={filter.client} onChange={(event) => narrow({ client: event.currentTarget.value })}>
            <option value="">{words.report.everyone}</option>
            {clients.map((client) => (
              <option key={client.id} value={client.id}>
                {client.name}
              </option>
            ))}
          </select>
        </label>
        <label class="field">
          <span>{words.report.state}</span>
          <select
            value={filter.state}
            onChange={(event) => narrow({ state: event.currentTarget.value as ReportFilter["state"] })}
          >
            {(["all", "paid", "open"] as const).map((state) => (
              <option key={state} value={state}>
                {words.report.states[state]}
              </option>
            ))}
          </select>
        </label>
      </div>
      <p class="note good" role="status" hidden={note === ""}>
        {note}
      </p>
      <section class="block" aria-labelledby="by-month">
        <h2 id="by-month">{words.report.byMonth}</h2>
        <MonthChart rows={report.rows} label={words.report.byMonth} />
      </section>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls sideways must be scrollable by keyboard */}
      <section class="scroll-x" aria-label={`${words.report.title}: ${words.report.byMonth}`} tabIndex={0}>
        <table class="list report-table">
          <thead>
            <tr>
              {columns.map((column, index) => (
                <th key={column} scope="col" class={index === 0 ? undefined : "num"}>
                  {column}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {[...report.rows].reverse().map((row) => (
              <tr key={row.month}>
                <th scope="row">{monthName(words, row.month)}</th>
                <td class="num">{row.count}</td>
                <td class="num">{amount(words, row.total)}</td>
                <td class="num">{amount(words, row.paid)}</td>
                <td class="num">{amount(words, row.open)}</td>
              </tr>
            ))}
          </tbody>
          <tfoot>
            <tr>
              <th scope="row">{words.report.sum}</th>
              <td class="num">{report.sum.count}</td>
              <td class="num">{amount(words, report.sum.total)}</td>
              <td class="num">{amount(words, report.sum.paid)}</td>
              <td class="num">{amount(words, report.sum.open)}</td>
            </tr>
          </tfoot>
        </table>
      </section>
    </div>
  );
}
