import type { Api } from "../api/client.ts";
import { type Answer, read } from "../api/read.ts";

export type Key = Answer<Awaited<ReturnType<Api["v1"]["keys"]["$get"]>>>["keys"][number];
export type SigningKey = Answer<Awaited<ReturnType<Api["v1"]["signing-keys"]["$get"]>>>["keys"][number];
export type Person = Answer<Awaited<ReturnType<Api["v1"]["people"]["$get"]>>>["people"][number];
export type AuditEntry = Answer<Awaited<ReturnType<Api["v1"]["audit"]["$get"]>>>["entries"][number];

export interface KeyWish {
  readonly kind: Key["kind"];
  readonly name: string;
  readonly scopes: readonly Key["scopes"][number][];
  readonly origins: readonly string[];
  /** Epoch milliseconds. */
  readonly expiresAt: number | undefined;
}

/** Makes a key and returns its text, which is told only now. */
export async function makeKey(api: Api, wish: KeyWish): Promise<string> {
  const { kind, name, scopes, origins, expiresAt } = wish;
  const { key } = await read(
    api.v1.keys.$post({
      json: {
        kind,
        ...(name === "" ? {} : { name }),
        ...(kind === "secret" ? { scopes: [...scopes] } : {}),
        ...(kind === "public" && origins.length > 0 ? { origins: [...origins] } : {}),
        ...(expiresAt === undefined ? {} : { expiresAt: new Date(expiresAt).toISOString() }),
      },
    }),
  );
  return key;
}

/** What is written in the field for origins, line by line; `wrong` is the first line that is none. */
export function originsOf(text: string): { readonly origins: readonly string[]; readonly wrong?: string } {
  const lines = text.split(/[\s,]+/).filter((line) => line !== "");
  const wrong = lines.find((line) => !URL.canParse(line) || new URL(line).origin !== line);
  return wrong === undefined ? { origins: [...new Set(lines)] } : { origins: [], wrong };
}

/** Whether a key still opens something. */
export function isLive({ revokedAt, expiresAt }: Pick<Key, "revokedAt" | "expiresAt">, now: number): boolean {
  return revokedAt === null && (expiresAt === null || Date.parse(expiresAt) > now);
}

const LETTERS = "abcdefghjkmnpqrstuvwxyz23456789";

/** Four groups of four letters that are not taken for each other: 78 bits. */
export function suggestPassword(random: (bytes: Uint8Array<ArrayBuffer>) => Uint8Array): string {
  const picked: string[] = [];
  while (picked.length < 16)
    // The last bytes of the range would make the first letters likelier.
    for (const byte of random(new Uint8Array(32)))
      if (byte < 256 - (256 % LETTERS.length) && picked.length < 16)
        picked.push(LETTERS.charAt(byte % LETTERS.length));
  return [0, 4, 8, 12].map((at) => picked.slice(at, at + 4).join("")).join("-");
}
