import { readFileSync, writeFileSync } from "node:fs";
import { expect, it } from "vitest";

/** The arithmetic of docs/scale.md: from its table of assumptions to its table of what they make. */
const PAGE = new URL("../../../docs/scale.md", import.meta.url);
const USERS = [1e6, 1e7, 1e8];
const MONTH_DAYS = 30;
const MONTH_S = MONTH_DAYS * 86_400;
const HEAD = "| in a month | 1 million users | 10 million | 100 million |\n|---|---|---|---|\n";

function assumptions(page: string): (name: string) => number {
  const found = new Map(
    [...page.matchAll(/^\| ([^|]+) \| ([\d.]+) \| [^|]+ \|$/gm)].map(([, name = "", value]) => [
      name,
      Number(value),
    ]),
  );
  return (name) => {
    const value = found.get(name);
    if (value === undefined) throw new Error(`docs/scale.md assumes nothing of "${name}"`);
    return value;
  };
}

/** Two digits that count, as one says them. */
function say(n: number): string {
  const units = [
    [1e12, " trillion"],
    [1e9, " billion"],
    [1e6, " million"],
  ] as const;
  for (const [size, name] of units) if (n >= size) return `${Number((n / size).toPrecision(2))}${name}`;
  return n >= 100 ? Number(n.toPrecision(2)).toLocaleString("en") : String(Number(n.toPrecision(2)));
}
const bytes = (n: number) =>
  n >= 1e15 ? `${say(n / 1e15)} PB` : n >= 1e12 ? `${say(n / 1e12)} TB` : `${say(n / 1e9)} GB`;
const seconds = (n: number) =>
  n >= 7200 ? `${say(n / 3600)} h` : n >= 120 ? `${say(n / 60)} min` : `${say(n)} s`;

function rows(of: (name: string) => number): string {
  const peak = of("busiest second, in means");
  const a = (perSession: string) => (users: number) =>
    users * of("sessions of a user in a month") * of(perSession);
  const events = a("events in a session");
  const batches = a("batches in a session");
  const atPeak = (monthly: (users: number) => number) => (users: number) => (monthly(users) / MONTH_S) * peak;
  const cores = (micros: number, monthly: (users: number) => number) => (users: number) =>
    (atPeak(monthly)(users) * micros) / 1e6;
  const sum =
    (...parts: readonly ((users: number) => number)[]) =>
    (users: number) =>
      parts.reduce((total, part) => total + part(users), 0);
  const ingest = (store: string) =>
    sum(
      cores(of("microseconds of a batch"), batches),
      cores(of(`microseconds of an event, ${store}`), events),
    );
  const stored = (store: string, days: number) => (users: number) =>
    (events(users) * of(`bytes of an event in ${store}`) * days) / MONTH_DAYS;
  const table: readonly (readonly [string, (users: number) => string])[] = [
    ["events", (users) => say(events(users))],
    ["events/s, mean", (users) => say(events(users) / MONTH_S)],
    ["events/s, busiest", (users) => say(atPeak(events)(users))],
    ["batches/s, busiest", (users) => say(atPeak(batches)(users))],
    [
      "config requests/s, busiest, nearly all the CDN's",
      (users) => say(atPeak(a("config requests in a session"))(users)),
    ],
    ["state requests/s, busiest", (users) => say(atPeak(a("state requests in a session"))(users))],
    ["bytes of events in", (users) => bytes(events(users) * of("bytes of an event on the way"))],
    ["cores for events, SQLite, busiest", (users) => say(ingest("SQLite")(users))],
    ["cores for events, PostgreSQL: servers", (users) => say(ingest("PostgreSQL")(users))],
    [
      "cores for events, PostgreSQL: database",
      (users) => say(cores(of("microseconds of an event in the database"), events)(users)),
    ],
    [
      "cores for state, busiest",
      (users) => say(cores(of("microseconds of a state request"), a("state requests in a session"))(users)),
    ],
    ["stored in a month, SQLite", (users) => bytes(stored("SQLite", MONTH_DAYS)(users))],
    ["stored in a month, PostgreSQL", (users) => bytes(stored("PostgreSQL", MONTH_DAYS)(users))],
    ["kept, PostgreSQL, 400 days (the default)", (users) => bytes(stored("PostgreSQL", 400)(users))],
    ["kept, PostgreSQL, 90 days", (users) => bytes(stored("PostgreSQL", 90)(users))],
    [
      "one report over its days, one core",
      (users) =>
        seconds(
          ((events(users) * of("days that a report covers")) / MONTH_DAYS) *
            of("nanoseconds of an event in a report") *
            1e-9,
        ),
    ],
  ];
  return table.map(([name, cell]) => `| ${name} | ${USERS.map(cell).join(" | ")} |\n`).join("");
}

it("docs/scale.md works out what it assumes", () => {
  const page = readFileSync(PAGE, "utf8");
  const [before = "", after = ""] = page.split(HEAD);
  const wanted = before + HEAD + rows(assumptions(page)) + after.replace(/^(\|.*\n)*/, "");
  if (process.env.CAIRN_WRITE_DOCS === "1") writeFileSync(PAGE, wanted);
  expect(readFileSync(PAGE, "utf8"), "run `pnpm --filter @cairn/server run docs`").toBe(wanted);
  expect(wanted.match(/^\| events \|.*/m)?.[0]).toBe("| events | 300 million | 3 billion | 30 billion |");
});
