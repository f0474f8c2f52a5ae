import postgres from "postgres";
import { storeUnavailable } from "../store-unavailable.ts";

/** Numbers of 8 bytes come as JavaScript numbers: none of ours is beyond 2^53. */
export type Sql = postgres.Sql<{ bigint: number }>;

/** How long a connection may take to come up. */
const CONNECT_SECONDS = 5;

/**
 * A pool for the database that the address names (`postgres://user:password@host:port/database?sslmode=…`). A commit
 * is on the disk when it is answered, whatever the server's own setting is.
 */
export function connectTo(
  url: string,
  max: number,
  settings: Readonly<Record<string, string>> = {},
  onClose: () => void = () => {},
): Sql {
  return postgres(url, {
    max,
    connect_timeout: CONNECT_SECONDS,
    // Soon back after a restart of the database; callers have been told 503 meanwhile.
    backoff: (attempt) => Math.min(0.05 * 2 ** attempt, 1),
    // Where a connection is lost while it asks for them, nobody hears of that and the process ends (postgres.js 3.4).
    fetch_types: false,
    onnotice: () => {},
    onclose: onClose,
    connection: { application_name: "cairn", synchronous_commit: "on", TimeZone: "UTC", ...settings },
    types: {
      bigint: { to: 20, from: [20], parse: Number, serialize: String },
      // integer[] and bigint[], and text[], which is only sent.
      numbers: { to: 1_007, from: [1_007, 1_016], parse: toNumbers, serialize: toArray },
      texts: { to: 1_009, from: [], parse: String, serialize: toArray },
    },
  }) as Sql;
}

const toNumbers = (text: string): number[] => (text === "{}" ? [] : text.slice(1, -1).split(",").map(Number));
const toArray = (values: readonly (number | string)[]): string =>
  `{${values.map((value) => `"${String(value).replaceAll("\\", "\\\\").replaceAll('"', '\\"')}"`).join()}}`;

/** Error classes of PostgreSQL that pass: connection, resources (disk full, memory, connections), shutdown, in recovery, conflict of transactions. */
const PASSING = /^(?:08|40|53|57|58)/;

/** What the driver threw, as `storeUnavailable` where it is the server's state and no bug of ours. */
export function toUnavailable(thrown: unknown): unknown {
  const { code = "" } = thrown as { readonly code?: string };
  const passes = PASSING.test(code) || code.startsWith("CONNECT") || /^E[A-Z]{4,}$/.test(code);
  return passes ? storeUnavailable("The database cannot be used now.", thrown) : thrown;
}

/** Whether two transactions stood in each other's way: nothing was stored, and the same can be tried again. */
export function isConflict(thrown: unknown): boolean {
  const { code } = thrown as { readonly code?: string };
  return code === "40P01" || code === "40001";
}
