import { type Book, newTimes, type Times } from "./history.ts";
import { own } from "./own.ts";
import type { Shared, State } from "./user-state.ts";

/** What the server knows of a verified person, and of their account, that this device may lack. */
export interface Facts {
  /** All that had reached the server by then is in here. Epoch milliseconds. */
  readonly upto: number;
  /** The person's events, under `e:` and their names; uses of features by clicks under `f:`, which no event tells. */
  readonly user: Book;
  /** The same of all people of the account, and what became of its flows; `null` without an account. */
  readonly account: { readonly id: string; readonly book: Book } | null;
}

/** Key under which the server's book stands among the devices' books; no device is called that. */
export const SERVER = "*";

/** Takes the server's books, unless newer ones are there. What the devices counted up to then is in them. */
export function learnFacts(state: State, { upto, user, account }: Facts): void {
  const { shared, device, person } = state;
  if (upto < shared.upto) return;
  shared.upto = upto;
  shared.books = { ...laterThan(upto, shared.books), [SERVER]: structure(user) };
  if (!account || account.id !== person.accountId) return;
  const book = structure(account.book);
  // What this device has seen since then is news to the account.
  for (const [key, { at }] of Object.entries(shared.books[device] ?? {}))
    if (key.startsWith("e:"))
      for (const moment of at) {
        const times = own(book, key) ?? newTimes(-1);
        book[key] = {
          ...times,
          n: times.n + 1,
          last: moment,
          first: times.first || moment,
          at: [...times.at, moment],
        };
      }
  state.team = book;
}

const structure = (book: Book): Book => JSON.parse(JSON.stringify(book)) as Book;

/** The books without what the server's holds. */
export const laterThan = (upto: number, books: Shared["books"]): Shared["books"] =>
  upto < 0
    ? books
    : mapValues(books, (book, device) =>
        device === SERVER ? book : mapValues(book, (times) => after(times, upto)),
      );

const mapValues = <T>(map: { [key: string]: T }, fn: (value: T, key: string) => T): { [key: string]: T } =>
  Object.fromEntries(Object.entries(map).map(([key, value]) => [key, fn(value, key)]));

function after(times: Times, upto: number): Times {
  const at = times.at.filter((moment) => moment > upto);
  // A list that has overflowed since then does not tell how often it was.
  const from = times.since > upto ? times.since : -1;
  return { ...times, n: at.length, first: at[0] ?? 0, last: at.at(-1) ?? 0, from, since: from, at };
}
