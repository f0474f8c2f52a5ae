import type { AdoptionReport } from "./adoption-schema.ts";
import { rateColumns, tableOf } from "./csv.ts";

const FIGURES = ["breadth", "depth", "frequency"] as const;
const COLUMNS: readonly string[] = [
  ...["row", "week", "complete", "account", "immature", "accounts", "users", "seats"],
  ...FIGURES.flatMap((figure) => [
    ...rateColumns(figure),
    `${figure}.missing`,
    ...["p25", "median", "p75"].map((quartile) => `${figure}.quartiles.${quartile}`),
    ...rateColumns(`${figure}.none`),
    ...rateColumns(`${figure}.full`),
    ...(figure === "depth" ? ["depth.over"] : []),
    `${figure}.trend`,
  ]),
];

/** Rows of three kinds: `all` accounts at the end, `all` at the end of each `week`, and each `account` at the end. */
export function adoptionCsv({ weeks, perAccount, ...total }: AdoptionReport): string {
  const { accounts, immature, breadth, depth, frequency } = total;
  return tableOf(COLUMNS, [
    { row: "all", accounts, immature, breadth, depth, frequency },
    ...weeks.map((week) => ({ row: "week", ...week })),
    ...perAccount.map(({ id, ...account }) => ({ row: "account", account: id, ...account })),
  ]);
}
