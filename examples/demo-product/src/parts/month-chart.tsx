import type { ReportRow } from "../model/report.ts";
import { amount, monthName, useWords } from "../words/language.ts";

const HEIGHT = 120;

/** Two-part bars per month: what is paid stands on the line, what is open on top of it. */
export function MonthChart({ rows, label }: { rows: readonly ReportRow[]; label: string }) {
  const words = useWords();
  const thousands = new Intl.NumberFormat(words.tag, { minimumFractionDigits: 1, maximumFractionDigits: 1 });
  const most = Math.max(1, ...rows.map((row) => row.total));
  const step = 100 / rows.length;
  const bar = Math.min(step * 0.5, 5.5);
  return (
    <figure class="chart">
      <svg viewBox={`0 0 100 ${HEIGHT}`} preserveAspectRatio="none" role="img" aria-label={label}>
        {rows.map((row, index) => {
          const x = index * step + (step - bar) / 2;
          const paid = (row.paid / most) * HEIGHT;
          const open = (row.open / most) * HEIGHT;
          return (
            <g key={row.month}>
              <title>{`${monthName(words, row.month)}: ${amount(words, row.total)}`}</title>
              <rect class="paid" x={x} y={HEIGHT - paid} width={bar} height={paid} />
              <rect class="open" x={x} y={HEIGHT - paid - open} width={bar} height={open} />
            </g>
          );
        })}
      </svg>
      <ol class="chart-months" aria-hidden="true">
        {rows.map((row) => (
          <li key={row.month}>
            <span>{monthName(words, row.month, "short")}</span>
            <b>{row.total === 0 ? "–" : thousands.format(row.total / 100_000)}</b>
          </li>
        ))}
      </ol>
      <figcaption>
        <span class="key paid">{words.home.paidPart}</span>
        <span class="key open">{words.home.openPart}</span>
        <span class="unit">{words.home.thousands}</span>
      </figcaption>
    </figure>
  );
}
