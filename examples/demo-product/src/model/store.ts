import { useEffect, useState } from "preact/hooks";
import type { Language } from "../words/language.ts";
import { dayOf } from "./day.ts";
import type { Client, Invoice } from "./invoice.ts";
import { type Account, type Person, type PersonKind, personId, personOf } from "./person.ts";
import { sampleInvoices } from "./sample-invoices.ts";

export interface Member {
  readonly name: string;
  readonly email: string;
  readonly role: "owner" | "bookkeeper" | "viewer";
  readonly state: "active" | "invited";
}

/** All that the product knows about the firm of the person who is signed in. */
export interface Books {
  readonly person: Person;
  readonly account: Account;
  readonly invoices: readonly Invoice[];
  readonly clients: readonly Client[];
  readonly members: readonly Member[];
}

export interface Store {
  readonly books: () => Books;
  readonly change: (edit: (books: Books) => Books) => void;
  readonly language: () => Language;
  readonly setLanguage: (language: Language) => void;
  /** Signs in as someone else; a new person is a fresh one each time. The caller reloads the page. */
  readonly signInAs: (kind: PersonKind) => void;
  readonly subscribe: (listener: () => void) => () => void;
}

const COLLEAGUES: { readonly [kind in PersonKind]: readonly Member[] } = {
  new: [],
  admin: [],
  experienced: [
    { name: "Anders Holm", email: "anders@brightwater-garden-care.example", role: "owner", state: "active" },
    { name: "Sofia Ek", email: "sofia@brightwater-garden-care.example", role: "viewer", state: "active" },
    { name: "Jonas Berg", email: "jonas@brightwater-garden-care.example", role: "viewer", state: "active" },
    {
      name: "Elin Dahl",
      email: "elin@brightwater-garden-care.example",
      role: "bookkeeper",
      state: "invited",
    },
  ],
};

function openBooks(kind: PersonKind, id: string, now: number): Books {
  const person = personOf(kind, id, now);
  const invoices = sampleInvoices(kind, dayOf(now));
  const clients = new Map(invoices.map((invoice) => [invoice.client.id, invoice.client]));
  return {
    person,
    account: person.account,
    invoices,
    clients: [...clients.values()].sort((a, b) => a.name.localeCompare(b.name)),
    members: [
      { name: person.name, email: person.email, role: person.role, state: "active" },
      ...COLLEAGUES[kind],
    ],
  };
}

/** The demo has no server of its own: books stand in the browser's storage, or in memory where there is none. */
export function createStore(storage: Storage | undefined, now: () => number, wish: Language): Store {
  const listeners = new Set<() => void>();
  const read = <T>(key: string): T | undefined => {
    try {
      const text = storage?.getItem(key);
      return text ? (JSON.parse(text) as T) : undefined;
    } catch {
      return undefined;
    }
  };
  const write = (key: string, value: unknown): void => {
    try {
      storage?.setItem(key, JSON.stringify(value));
    } catch {
      // A full or blocked storage costs the visitor only what a reload would keep.
    }
  };
  const announce = (): void => {
    for (const listener of listeners) listener();
  };

  let language = read<Language>("saldo:language") ?? wish;
  // Dates in the books are relative to the day they were opened; after a day they are opened anew.
  const kept = read<{ day: string; books: Books }>("saldo:books");
  const today = dayOf(now());
  let books =
    kept?.day === today
      ? kept.books
      : openBooks(kept?.books.person.kind ?? "new", kept?.books.person.id ?? personId("new"), now());
  const keep = (): void => write("saldo:books", { day: today, books });
  keep();

  return {
    books: () => books,
    change: (edit) => {
      books = edit(books);
      keep();
      announce();
    },
    language: () => language,
    setLanguage: (next) => {
      language = next;
      write("saldo:language", next);
      announce();
    },
    signInAs: (kind) => {
      books = openBooks(kind, personId(kind), now());
      keep();
    },
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

/** Draws the component anew at each change of the store. */
export function useStore(store: Store): Books {
  const [, redraw] = useState(0);
  useEffect(() => store.subscribe(() => redraw((count) => count + 1)), [store]);
  return store.books();
}
