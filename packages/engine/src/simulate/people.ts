import type { LogLine } from "./log-line.ts";
import type { Person } from "./person.ts";

export interface PeoplePorts {
  create(line: LogLine, now: number): Person;
  /** Somebody who was anonymous so far turns out to be this user. */
  name(person: Person, userId: string): void;
  /** Somebody who was anonymous so far turns out to be a user whom we know already. */
  merge(user: Person, anonymous: Person, now: number): void;
}

/** Who stands behind the ids of lines: an anonymous id belongs to the first user that a line names together with it. */
export interface People extends Iterable<Person> {
  /** The person of a line, made where there is none yet. */
  of(line: LogLine, now: number): Person;
  /** A line that says nothing else has named this person. */
  mention(line: LogLine): void;
  /** By user id, else by anonymous id. */
  find(id: string): Person | undefined;
  /** Persons with a line. */
  readonly count: number;
}

export function createPeople({ create, name, merge }: PeoplePorts): People {
  const users = new Map<string, Person>();
  const strangers = new Map<string, Person>();
  const owners = new Map<string, string>();
  /** Named by lines that are passed over, and by none else. */
  const mentioned = new Set<string>();

  const userOf = ({ userId, anonymousId = "" }: LogLine) => userId ?? owners.get(anonymousId);
  const keyOf = (line: LogLine) => {
    const user = userOf(line);
    return user === undefined ? `a:${line.anonymousId}` : `u:${user}`;
  };
  const takeOver = (anonymousId: string, userId: string, now: number) => {
    owners.set(anonymousId, userId);
    mentioned.delete(`a:${anonymousId}`);
    const stranger = strangers.get(anonymousId);
    if (!stranger) return;
    strangers.delete(anonymousId);
    const user = users.get(userId);
    if (user) merge(user, stranger, now);
    else {
      name(stranger, userId);
      users.set(userId, stranger);
    }
  };
  return {
    of(line, now) {
      const { userId, anonymousId } = line;
      if (userId !== undefined) {
        // Nearly all lines of a log: somebody known, from where they were before.
        const person = users.get(userId);
        if (person && (anonymousId === undefined || person.anonymousId === anonymousId)) return person;
      }
      if (userId !== undefined && anonymousId !== undefined && !owners.has(anonymousId))
        takeOver(anonymousId, userId, now);
      const user = userOf(line);
      const map = user === undefined ? strangers : users;
      const id = user ?? `${anonymousId}`;
      let person = map.get(id);
      if (!person) {
        person = create(user === undefined ? line : { ...line, userId: user }, now);
        map.set(id, person);
        mentioned.delete(keyOf(line));
      }
      // Whoever it belongs to, that has been settled now.
      if (userId !== undefined) person.anonymousId = anonymousId;
      return person;
    },
    mention(line) {
      const user = userOf(line);
      const known = user === undefined ? strangers.has(`${line.anonymousId}`) : users.has(user);
      if (!known) mentioned.add(keyOf(line));
    },
    find(id) {
      const owner = owners.get(id);
      return users.get(id) ?? strangers.get(id) ?? (owner === undefined ? owner : users.get(owner));
    },
    get count() {
      return users.size + strangers.size + mentioned.size;
    },
    *[Symbol.iterator]() {
      yield* users.values();
      yield* strangers.values();
    },
  };
}
