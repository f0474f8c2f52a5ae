import { readFileSync } from "node:fs";
import { text } from "node:stream/consumers";
import type { EnvironmentName, Role, Scope } from "@cairn/server";
import { failure, unreadable } from "../failure.ts";
import { answer, connect, type RemoteOptions } from "../remote.ts";
import { table } from "../table.ts";
import { createOutput, type Terminal } from "../terminal.ts";

interface Options extends RemoteOptions {
  readonly json?: boolean;
}
interface KeyOptions extends Options {
  /** @default that of the key that asks */
  readonly environment?: EnvironmentName;
}
const named = ({ environment }: KeyOptions) => (environment === undefined ? {} : { environment });

/** Writes an answer for programs, or what people read. */
async function say({ json }: Options, { stdout }: Terminal, value: unknown, words: string): Promise<0> {
  const output = createOutput(stdout);
  output.write(json ? `${JSON.stringify(value, null, 2)}\n` : words);
  await output.flush();
  return 0;
}

/** `cairn keys list`: the keys of the environment, and what user tokens are verified with. */
export async function listKeys(options: KeyOptions, terminal: Terminal): Promise<0> {
  const remote = connect(options);
  const { keys } = await answer(remote.keys.$get({ query: named(options) }));
  const { keys: signing } = await answer(remote["signing-keys"].$get({ query: named(options) }));
  const rows = keys.map(({ id, kind, name, scopes, origins, expiresAt, revokedAt, lastUsedAt }) => [
    id,
    kind,
    name,
    revokedAt === null
      ? expiresAt === null
        ? ""
        : `until ${expiresAt.slice(0, 10)}`
      : `revoked ${revokedAt.slice(0, 10)}`,
    lastUsedAt?.slice(0, 16).replace("T", " ") ?? "never",
    kind === "public" ? origins.join(" ") || "any page" : scopes.join(" "),
  ]);
  const words = [
    table(["Key", "Kind", "Name", "State", "Last used", "Opens"], rows),
    ...(signing.length === 0
      ? []
      : [
          "\n",
          table(
            ["Signing key", "Algorithm", "Since"],
            signing.map(({ kid, alg, createdAt }) => [kid, alg, createdAt.slice(0, 10)]),
          ),
        ]),
  ];
  return await say(options, terminal, { keys, signingKeys: signing }, words.join(""));
}

export interface CreateKeyOptions extends KeyOptions {
  readonly kind: "public" | "secret";
  readonly name?: string;
  readonly scope?: readonly string[];
  readonly origin?: readonly string[];
  readonly expires?: string;
}

/** `cairn keys create`: the only moment at which the key can be read. */
export async function createKey(options: CreateKeyOptions, terminal: Terminal): Promise<0> {
  const { kind, name, scope, origin, expires } = options;
  const expiresAt = expires === undefined ? undefined : Date.parse(expires);
  if (Number.isNaN(expiresAt)) throw failure(`--expires: "${expires}" is not a date; write 2027-01-31`);
  const made = await answer(
    connect(options).keys.$post({
      json: {
        kind,
        ...named(options),
        ...(name === undefined ? {} : { name }),
        // The server says which of them it does not know.
        ...(scope === undefined ? {} : { scopes: scope as Scope[] }),
        ...(origin === undefined ? {} : { origins: [...origin] }),
        ...(expiresAt === undefined ? {} : { expiresAt: new Date(expiresAt).toISOString() }),
      },
    }),
  );
  return await say(options, terminal, made, `${made.key}\nIt is shown only now. Its id is ${made.id}.\n`);
}

/** `cairn keys revoke`. */
export async function revokeKey(id: string, options: KeyOptions, terminal: Terminal): Promise<0> {
  await answer(connect(options).keys[":id"].$delete({ param: { id }, query: named(options) }));
  return await say(options, terminal, { revoked: id }, `The key ${id} opens nothing any more.\n`);
}

/** `cairn keys sign`: what user tokens are signed with from now on; the one before stays until `unsign`. */
export async function addSigningKey(
  alg: "HS256" | "EdDSA",
  options: KeyOptions & { readonly publicKey?: string },
  terminal: Terminal,
): Promise<0> {
  const publicKey = options.publicKey === undefined ? undefined : readKey(options.publicKey);
  const made = await answer(
    connect(options)["signing-keys"].$post({
      json: { alg, ...named(options), ...(publicKey === undefined ? {} : { publicKey }) },
    }),
  );
  const secret =
    made.secret === undefined
      ? ""
      : `secret ${made.secret}\nIt is shown only now. Sign with its text as it stands.\n`;
  return await say(options, terminal, made, `kid ${made.kid}\n${secret}`);
}

/** `cairn keys unsign`. */
export async function removeSigningKey(kid: string, options: KeyOptions, terminal: Terminal): Promise<0> {
  await answer(
    connect(options)["signing-keys"][":id"].$delete({ param: { id: kid }, query: named(options) }),
  );
  return await say(options, terminal, { removed: kid }, `Tokens of ${kid} are refused from now on.\n`);
}

/** `cairn people list`: who may sign in to the studio. */
export async function listPeople(options: Options, terminal: Terminal): Promise<0> {
  const { people } = await answer(connect(options).people.$get());
  const rows = people.map(({ email, name, role, createdAt }) => [email, name, role, createdAt.slice(0, 10)]);
  return await say(options, terminal, { people }, table(["Address", "Name", "Role", "Since"], rows));
}

/** `cairn people put`: lets somebody in, or changes their role; a password is read from standard input. */
export async function putPerson(
  email: string,
  options: Options & { readonly role: Role; readonly name?: string; readonly passwordStdin?: boolean },
  terminal: Terminal,
): Promise<0> {
  const { role, name } = options;
  const password = options.passwordStdin ? (await text(terminal.stdin)).replace(/\r?\n$/, "") : undefined;
  const json = {
    role,
    ...(name === undefined ? {} : { name }),
    ...(password === undefined ? {} : { password }),
  };
  const person = await answer(connect(options).people[":email"].$put({ param: { email }, json }));
  return await say(options, terminal, person, `${person.email} may sign in as ${person.role}.\n`);
}

/** `cairn people remove`. */
export async function removePerson(email: string, options: Options, terminal: Terminal): Promise<0> {
  await answer(connect(options).people[":email"].$delete({ param: { email } }));
  return await say(options, terminal, { removed: email }, `${email} may not sign in any more.\n`);
}

function readKey(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (thrown) {
    throw unreadable(file, thrown);
  }
}
