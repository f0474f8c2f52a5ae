import { generateKeyPairSync } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createTestServer, NOW, PUBLIC_KEY } from "./test-server.ts";
import {
  claims,
  ED_KEY,
  ED_PRIVATE,
  ED_PUBLIC_PEM,
  edToken,
  goodToken,
  HS_KEY,
  installKeys,
  tokenOf,
} from "./user-token.ts";

const HS = { alg: "HS256", kid: HS_KEY.kid };
const ED = { alg: "EdDSA", kid: ED_KEY.kid };
const seconds = NOW / 1000;
const { secret } = HS_KEY;
const stranger = generateKeyPairSync("ed25519").privateKey;

async function server() {
  const test = createTestServer();
  await installKeys(test.deps.storage);
  const status = async (token: string) => {
    const response = await test.app.request(`/v1/state?key=${PUBLIC_KEY}`, {
      // What no header can carry never arrives.
      headers: { authorization: `Bearer ${token.replace(/[^\u0020-\u007e]/g, "?")}` },
    });
    const body = (await response.json()) as { error?: { code: string } };
    return [response.status, body.error?.code] as const;
  };
  return { ...test, status };
}

/** Every way to forge a token that the literature names, with variations, by name. */
function* forged(): Iterable<readonly [how: string, token: string]> {
  const good = goodToken("u1");
  const [header = "", payload = "", signature = ""] = good.split(".");
  const [, edPayload = "", edSignature = ""] = edToken("u1").split(".");
  for (const alg of [
    "none",
    "None",
    "NONE",
    "nOnE",
    "",
    "null",
    "HS255",
    "hs256",
    "HS384",
    "HS512",
    "RS256",
    "ES256",
    "PS256",
    "Ed25519",
    "A128KW",
    "dir",
  ])
    for (const key of [HS_KEY.kid, ED_KEY.kid]) {
      const changed = tokenOf({ alg, kid: key }, claims("u1"), secret);
      yield [`alg ${alg}`, changed];
      yield [`alg ${alg}, no signature`, `${changed.split(".").slice(0, 2).join(".")}.`];
      yield [`alg ${alg}, two parts`, changed.split(".").slice(0, 2).join(".")];
      yield [`alg ${alg}, signature of another`, `${changed.split(".").slice(0, 2).join(".")}.${signature}`];
    }
  const known = [
    ED_PUBLIC_PEM,
    ED_PUBLIC_PEM.trim(),
    `${ED_KEY.publicKey?.x}`,
    Buffer.from(`${ED_KEY.publicKey?.x}`, "base64url"),
    JSON.stringify(ED_KEY.publicKey),
  ];
  for (const key of known)
    for (const alg of ["HS256", "HS384", "HS512", "EdDSA"])
      for (const kid of [ED_KEY.kid, HS_KEY.kid])
        for (const how of ["sha256", "sha512"] as const)
          yield [`the public key as a secret, ${alg}`, tokenOf({ alg, kid }, claims("u1"), key, how)];
  for (const more of [
    {},
    { jwk: ED_KEY.publicKey },
    { jku: "https://evil.test/keys" },
    { x5u: "https://evil.test" },
    { x5c: ["AAAA"] },
    { crit: ["b64"], b64: false },
    { crit: ["exp"] },
    { zip: "DEF" },
    { cty: "JWT" },
  ]) {
    yield ["a stranger's key", tokenOf({ ...ED, ...more }, claims("u1"), stranger, "ed25519")];
    yield [
      "a stranger's key under the other kid",
      tokenOf({ ...ED, kid: HS_KEY.kid, ...more }, claims("u1"), stranger, "ed25519"),
    ];
  }
  // By whoever has the secret, and yet not as its key says.
  yield [
    "the secret with another algorithm",
    tokenOf({ ...HS, alg: "HS512" }, claims("u1"), secret, "sha512"),
  ];
  yield ["an extension that is not known", tokenOf({ ...HS, crit: ["x"], x: 1 }, claims("u1"), secret)];
  yield ["an unencoded payload", tokenOf({ ...HS, crit: ["b64"], b64: false }, claims("u1"), secret)];
  for (const kid of [
    undefined,
    null,
    "",
    0,
    1,
    true,
    [HS_KEY.kid],
    { kid: HS_KEY.kid },
    "__proto__",
    "constructor",
    "prototype",
    "toString",
    "hasOwnProperty",
    "../../../dev/null",
    "/dev/null",
    "' OR '1'='1",
    "' UNION SELECT '';--",
    "${jndi:ldap://x}",
    `${HS_KEY.kid} `,
    ` ${HS_KEY.kid}`,
    HS_KEY.kid.toUpperCase(),
    `${HS_KEY.kid}\u0000`,
    `${HS_KEY.kid},${ED_KEY.kid}`,
    "*",
    "%",
    "ut_%",
    "x".repeat(4_000),
  ])
    for (const key of ["", secret, "null", "undefined"])
      yield [`kid ${JSON.stringify(kid)?.slice(0, 40)}`, tokenOf({ alg: "HS256", kid }, claims("u1"), key)];
  for (const key of [
    "",
    " ",
    "secret",
    "password",
    "changeme",
    "production",
    "cairn",
    PUBLIC_KEY,
    HS_KEY.kid,
    secret.slice(1),
    `${secret} `,
    secret.toUpperCase(),
    secret.repeat(2),
  ])
    yield ["a guessed secret", tokenOf(HS, claims("u1"), key)];
  for (const aud of [
    undefined,
    null,
    "",
    "staging",
    "development",
    "Production",
    "production ",
    "*",
    ["staging"],
    ["production", "staging"],
    ["production"],
    { aud: "production" },
    1,
    true,
  ])
    yield [`aud ${JSON.stringify(aud)}`, tokenOf(HS, claims("u1", { aud }), secret)];
  for (const exp of [
    undefined,
    null,
    0,
    -1,
    seconds,
    seconds - 1,
    seconds - 59,
    seconds - 3_600,
    `${seconds + 60}`,
    "never",
    seconds + 3_600,
    seconds + 86_400,
    4_102_444_800,
    seconds * 1_000,
    1e308,
    [seconds + 60],
    true,
  ])
    yield [`exp ${exp}`, tokenOf(HS, claims("u1", { exp }), secret)];
  for (const iat of [
    undefined,
    null,
    seconds + 61,
    seconds + 3_600,
    seconds - 3_600,
    0,
    -1,
    `${seconds}`,
    true,
  ])
    yield [`iat ${iat}`, tokenOf(HS, claims("u1", { iat }), secret)];
  for (const nbf of [seconds + 61, seconds + 3_600, 4_102_444_800, `${seconds}`, [], true])
    yield [`nbf ${nbf}`, tokenOf(HS, claims("u1", { nbf }), secret)];
  for (const sub of [undefined, null, "", 0, 1, ["u1"], { id: "u1" }, true, "x".repeat(257)])
    yield [`sub ${JSON.stringify(sub)?.slice(0, 20)}`, tokenOf(HS, claims("u1", { sub }), secret)];
  for (const more of [
    { account: "" },
    { account: 7 },
    { account: "x".repeat(257) },
    { traits: "x" },
    { traits: [1] },
    { accountTraits: 3 },
  ])
    yield [`claims ${JSON.stringify(more).slice(0, 30)}`, tokenOf(HS, claims("u1", more), secret)];
  yield [
    "a prototype in the traits",
    tokenOf(HS, JSON.stringify(claims("u1")).replace("{", '{"traits":{"__proto__":{"admin":true}},'), secret),
  ];
  for (const other of ["u2", "admin", "u1 ", "U1"]) {
    const [, changed = ""] = goodToken(other).split(".");
    yield ["another payload under a good signature", `${header}.${changed}.${signature}`];
    yield [
      "another payload under a good signature",
      `${edToken("u1").split(".")[0]}.${changed}.${edSignature}`,
    ];
  }
  yield ["the other key's payload and signature", `${header}.${edPayload}.${edSignature}`];
  for (const text of [
    "",
    ".",
    "..",
    "...",
    "a.b.c",
    "e30.e30.",
    "e30.e30.e30",
    `${good}.`,
    `.${good}`,
    `${good}.${signature}`,
    `${good}.AAAA.BBBB`,
    good.slice(0, -1),
    `${good}A`,
    `${good}=`,
    `${header}..${signature}`,
    `${header}.${payload}. ${signature}`,
    `"${good}"`,
    good.replaceAll(".", ":"),
    good.toLowerCase(),
    encodeURIComponent(`${good}/`),
    `{"token":"${good}"}`,
    "null",
    "undefined",
    "[object Object]",
    "x".repeat(9_000),
    `${goodToken("u1", { traits: { x: "y".repeat(8_000) } })}`,
  ])
    yield ["not three parts as they should be", text];
  for (const part of ["null", "[]", '"x"', "1", "{", "{}", '{"alg":"HS256"}'])
    yield ["a part that is something else", tokenOf(part, part, secret)];
  for (const part of ["null", "[]", '"x"', "1", "{", ""])
    yield ["a signed payload that is no claims", tokenOf(HS, part, secret)];
  // And every place of two good tokens changed by chance.
  const fuzz = fc.sample(
    fc.tuple(
      fc.boolean(),
      fc.nat(),
      fc.constantFrom(..."ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_."),
    ),
    { seed: 6, numRuns: 700 },
  );
  const originals = [good, edToken("u1")] as const;
  for (const [which, place, letter] of fuzz) {
    const original = originals[which ? 0 : 1];
    const at = place % original.length;
    const changed = original.slice(0, at) + letter + original.slice(at + 1);
    if (changed !== original) yield ["one letter changed", changed];
  }
}

describe("user tokens", () => {
  it("of either algorithm are taken, in the whole of their hour", async () => {
    const { status } = await server();
    expect(await status(goodToken("u1"))).toEqual([200, undefined]);
    expect(await status(edToken("u1"))).toEqual([200, undefined]);
    expect(await status(goodToken("u1", { iat: seconds, exp: seconds + 3_600 }))).toEqual([200, undefined]);
    expect(await status(goodToken("u1", { iat: seconds - 3_599, exp: seconds + 1 }))).toEqual([
      200,
      undefined,
    ]);
    // Clocks differ a little.
    expect(await status(goodToken("u1", { iat: seconds + 30, nbf: seconds + 30 }))).toEqual([200, undefined]);
  });

  it("are never taken when they are forged", async () => {
    const { status } = await server();
    const accepted: string[] = [];
    const codes = new Map<string, number>();
    let tried = 0;
    for (const [how, token] of forged()) {
      tried += 1;
      const [code, error = ""] = await status(token);
      codes.set(error, (codes.get(error) ?? 0) + 1);
      if (code !== 401) accepted.push(`${how}: ${code} ${token.slice(0, 200)}`);
    }
    expect(accepted).toEqual([]);
    expect([...codes.keys()].sort()).toEqual(["token_expired", "token_invalid"]);
    expect(codes.get("token_expired")).toBeLessThan(20);
    expect(tried).toBeGreaterThanOrEqual(1_000);
  });

  it("say whether they have expired, so that a page can ask for a new one", async () => {
    const { status } = await server();
    expect(await status(goodToken("u1", { exp: seconds }))).toEqual([401, "token_expired"]);
    expect(await status(goodToken("u1", { aud: "staging", exp: seconds }))).toEqual([401, "token_invalid"]);
  });

  it("of another environment's key open nothing", async () => {
    const { app, deps } = createTestServer();
    await installKeys(deps.storage, "staging");
    for (const aud of ["production", "staging"]) {
      const response = await app.request(`/v1/state?key=${PUBLIC_KEY}`, {
        headers: { authorization: `Bearer ${goodToken("u1", { aud })}` },
      });
      expect(response.status).toBe(401);
    }
  });

  it("signed with a key that was revoked are refused at once here, and soon everywhere", async () => {
    let now = NOW;
    const { deps, app } = createTestServer({ now: () => now });
    await installKeys(deps.storage);
    const status = async () =>
      (
        await app.request(`/v1/state?key=${PUBLIC_KEY}`, {
          headers: { authorization: `Bearer ${goodToken("u1")}` },
        })
      ).status;
    expect(await status()).toBe(200);
    const row = await deps.storage.document("production", "signing-key", HS_KEY.kid);
    const gone = {
      collection: "signing-key",
      id: HS_KEY.kid,
      expected: row?.revision ?? 0,
      body: null,
    } as const;
    // As another process would.
    await deps.storage.writeDocument("production", gone, now);
    expect(await status()).toBe(200);
    now += 5_000;
    expect(await status()).toBe(401);
  });

  it("of one key do not pass under the name of the other", async () => {
    const { status } = await server();
    expect(await status(tokenOf({ ...ED, kid: HS_KEY.kid }, claims("u1"), ED_PRIVATE, "ed25519"))).toEqual([
      401,
      "token_invalid",
    ]);
  });
});
