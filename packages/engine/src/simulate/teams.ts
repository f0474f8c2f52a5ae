import type { Config } from "@cairn/flow-schema";
import type { Account } from "./accounts.ts";
import { dueAt, type Person } from "./person.ts";

/** Keeps the people of an account in step, where one's hints are another's business. */
export interface Teams {
  /** Something has happened to the person. */
  note(person: Person): void;
  /** The person is of that account no more. */
  leave(person: Person): void;
  /** Lets everything happen to the others that is due by then, in the order of its moments. */
  catchUp(person: Person, until: number): void;
}

/**
 * What falls due for a person waits for their next line. `frequency.per: "account"` asks what has become of the hints of
 * all people of the account: so for those with one on screen, or waiting, it runs before the next line of any of them.
 */
export function createTeams(
  { flows }: Config,
  runDue: (person: Person, until: number) => void,
): Teams | undefined {
  if (!flows.some(({ frequency }) => frequency?.per === "account")) return undefined;
  const busy = new Map<Account, Set<Person>>();
  const othersOf = ({ account }: Person) => (account && busy.get(account)) ?? undefined;
  return {
    note(person) {
      const { account, acts, state } = person;
      if (!account) return;
      const { queue, asks } = state.local;
      if (acts.length + queue.length + asks.length === 0) busy.get(account)?.delete(person);
      else busy.set(account, (busy.get(account) ?? new Set()).add(person));
    },
    leave(person) {
      othersOf(person)?.delete(person);
    },
    catchUp(person, until) {
      const others = othersOf(person);
      for (;;) {
        let first = Number.POSITIVE_INFINITY;
        let next: Person | undefined;
        for (const other of others ?? []) {
          const at = dueAt(other);
          if (at < first) [first, next] = [at, other];
        }
        if (!next || first > until) return;
        runDue(next, first);
      }
    },
  };
}
