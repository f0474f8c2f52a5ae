import { createHash, randomBytes, timingSafeEqual } from "node:crypto";
import { httpError } from "../errors.ts";
import type { AuditEntry } from "../storage/audit-store.ts";
import { SERVER_WIDE } from "../storage/document-store.ts";
import type { Storage } from "../storage/storage.ts";
import { checkPassword, type StoredPassword, storePassword } from "./passwords.ts";
import type { Role } from "./scopes.ts";

/** Somebody who may sign in to the studio. The address is the id, in small letters. */
export interface StudioPerson {
  readonly email: string;
  readonly name: string;
  readonly role: Role;
  readonly password: StoredPassword;
  readonly createdAt: number;
  /** Changes with every change of the person: sessions from before it are over. */
  readonly stamp: string;
}

/** Somebody who is signed in. */
export interface Session {
  readonly person: StudioPerson;
  /** To be sent back with everything that changes something: a page of another origin cannot know it. */
  readonly csrf: string;
  readonly expiresAt: number;
}

/** How long one stays signed in. */
export const SESSION_MS = 12 * 3_600_000;

interface Ports {
  readonly storage: Storage;
  readonly now: () => number;
  /** What a password costs that is stored from now on: log2 of scrypt's N. @default 15 */
  readonly passwordCost?: number | undefined;
}
interface StoredSession {
  readonly email: string;
  readonly stamp: string;
  readonly csrf: string;
  readonly expiresAt: number;
}

export const idOfEmail = (email: string): string => email.trim().toLowerCase();

export async function studioPeople(storage: Storage): Promise<readonly StudioPerson[]> {
  return (await storage.documents(SERVER_WIDE, "person")).map(({ body }) => JSON.parse(body) as StudioPerson);
}

/** Lets somebody in, or changes who they are; what is left out of a known person stays. */
export async function putPerson(
  { storage, now, passwordCost }: Ports,
  {
    email,
    name,
    role,
    password,
  }: { email: string; name?: string | undefined; role: Role; password?: string | undefined },
  entry: (subject: string, isNew: boolean) => AuditEntry,
): Promise<{ readonly person: StudioPerson; readonly created: boolean }> {
  const id = idOfEmail(email);
  const row = await storage.document(SERVER_WIDE, "person", id);
  const known = row && (JSON.parse(row.body) as StudioPerson);
  if (known === undefined && password === undefined)
    throw httpError("bad-request", "A new person needs a password.");
  const person: StudioPerson = {
    email: id,
    name: name ?? known?.name ?? "",
    role,
    password:
      password === undefined ? (known as StudioPerson).password : await storePassword(password, passwordCost),
    createdAt: known?.createdAt ?? now(),
    stamp: randomBytes(9).toString("base64url"),
  };
  const write = {
    collection: "person",
    id,
    expected: row?.revision ?? 0,
    body: JSON.stringify(person),
  } as const;
  if (!(await storage.writeDocument(SERVER_WIDE, write, now(), [entry(`people/${id}`, known === undefined)])))
    throw httpError("unavailable", "The person was changed at the same moment. Try again.");
  return { person, created: known === undefined };
}

/** Lets nobody in under this address any more; who is signed in is out. */
export async function removePerson(
  { storage, now }: Ports,
  email: string,
  entry: (subject: string) => AuditEntry,
): Promise<void> {
  const id = idOfEmail(email);
  const row = await storage.document(SERVER_WIDE, "person", id);
  if (row === undefined) throw httpError("not-found", `There is no person "${id}".`);
  const write = { collection: "person", id, expected: row.revision, body: null } as const;
  if (!(await storage.writeDocument(SERVER_WIDE, write, now(), [entry(`people/${id}`)])))
    throw httpError("unavailable", "The person was changed at the same moment. Try again.");
}

/** Opens a session; `undefined` where the address or the password is wrong, without saying which. */
export async function signIn(
  { storage, now, passwordCost }: Ports,
  email: string,
  password: string,
): Promise<{ readonly token: string; readonly session: Session } | undefined> {
  // What is no address is nobody's: there is nothing that time could tell, and no reason to hash for it.
  if (!email.includes("@")) return undefined;
  const row = await storage.document(SERVER_WIDE, "person", idOfEmail(email));
  const person = row && (JSON.parse(row.body) as StudioPerson);
  if (!(await checkPassword(password, person?.password, passwordCost)) || person === undefined)
    return undefined;
  const token = randomBytes(32).toString("base64url");
  const session = { person, csrf: randomBytes(18).toString("base64url"), expiresAt: now() + SESSION_MS };
  const stored: StoredSession = {
    email: person.email,
    stamp: person.stamp,
    csrf: session.csrf,
    expiresAt: session.expiresAt,
  };
  const write = {
    collection: "session",
    id: sessionId(token),
    expected: 0,
    body: JSON.stringify(stored),
  } as const;
  await storage.writeDocument(SERVER_WIDE, { ...write, expiresAt: session.expiresAt }, now());
  return { token, session };
}

/** Whose session this is; `undefined` where it is over, or the person has been changed since. */
export async function readSession({ storage, now }: Ports, token: string): Promise<Session | undefined> {
  const row = await storage.document(SERVER_WIDE, "session", sessionId(token));
  if (row === undefined) return undefined;
  const { email, stamp, csrf, expiresAt } = JSON.parse(row.body) as StoredSession;
  if (expiresAt <= now()) return undefined;
  const found = await storage.document(SERVER_WIDE, "person", email);
  const person = found && (JSON.parse(found.body) as StudioPerson);
  return person?.stamp === stamp ? { person, csrf, expiresAt } : undefined;
}

export async function signOut({ storage, now }: Ports, token: string): Promise<void> {
  const id = sessionId(token);
  const row = await storage.document(SERVER_WIDE, "session", id);
  if (row)
    await storage.writeDocument(
      SERVER_WIDE,
      { collection: "session", id, expected: row.revision, body: null },
      now(),
    );
}

/** A copy of the database opens no session. */
const sessionId = (token: string) => createHash("sha256").update(token).digest("hex");

/** In the same time whatever is wrong. */
export function isCsrfToken(session: Session, given: string | undefined): boolean {
  const [a, b] = [Buffer.from(session.csrf), Buffer.from(given ?? "")];
  return a.length === b.length && timingSafeEqual(a, b);
}
