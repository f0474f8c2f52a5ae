import { browser, type Suite, unit } from "./guard.ts";

const SRC = "packages/sdk/src";
const TEST = "packages/sdk/test/delivery";
const SERVER = "packages/server";
const model = unit(`${TEST}/tabs-model.test.ts`);
const lock = unit(`${SRC}/state/tab-lock.test.ts`);
const keeper = unit(`${SRC}/state/state-keeper.test.ts`);
const real = (only: string) => browser("tabs", only);
const signOut = unit(`${TEST}/sign-out.test.ts`);
const devices = browser("identity", undefined, { built: true });
const identity = unit(`${SRC}/identity.test.ts`);
const tokens = unit(`${SERVER}/test/tokens.test.ts`);
const privacy = unit(`${SRC}/privacy.test.ts`);
const consent = unit(`${SRC}/client.test.ts`, "without consent");
const early = unit(`${SRC}/start.test.ts`, "denied at once");

/** What keeps tabs, devices and persons apart, or together. */
export const PEOPLE: readonly Suite[] = [
  {
    name: "Tabs, simulated: a one-time hint 0 times doubled, 0 times lost",
    tests: [model, lock, keeper],
    guards: [
      {
        name: "whoever has not got the word knows it",
        file: `${SRC}/state/tab-lock.ts`,
        out: "held: () => !!free,",
        put: "held: () => true,",
        red: model,
      },
      {
        name: "only who has the word opens hints",
        file: `${SRC}/client.ts`,
        out: "elsewhere.second = !isFirst || persistence?.word.held() === false;",
        put: "elsewhere.second = false;",
        red: model,
      },
      {
        name: "a silent tab is replaced",
        file: `${SRC}/state/contest.ts`,
        out: "if (isWaiting && (await request({ steal: true }))) {",
        put: "if (isWaiting && Date.now() < 0) {",
        red: model,
      },
      {
        name: "a file that does not come is no error",
        file: `${SRC}/state/tab-lock.ts`,
        out: "        .catch(() => false)\n",
        put: "",
        red: lock,
      },
      {
        name: "what was taken away is known",
        file: `${SRC}/state/tab-lock.ts`,
        out: "if (mine) lose(mine);",
        put: "if (mine) void 0;",
        red: lock,
      },
      {
        name: "only a tab that was asked is silent",
        file: `${SRC}/state/tab-lock.ts`,
        out: "if (mine === name || left === name) me.asked = 0;",
        put: "if (mine === name) me.asked = 0;",
        red: lock,
      },
      {
        name: "what was taken away is not given back",
        file: `${SRC}/state/store-locks.ts`,
        out: 'if (given === "going") await',
        put: "if (given) await",
        red: lock,
      },
      {
        name: "an exposure that another tab has told is not told again",
        file: `${SRC}/state/state-keeper.ts`,
        out: "done.filter((entry) => !isTold(text, entry))",
        put: "done",
        red: keeper,
      },
      {
        name: "writing is reading, joining and writing in one step",
        file: `${SRC}/state/state-keeper.ts`,
        out: "text === undefined || text === known || !ports.join(text) ? sign() : undefined",
        put: "sign()",
        red: keeper,
      },
      {
        name: "what is open goes on where the word is",
        file: `${SRC}/word.ts`,
        out: "    elsewhere.second = false;\n    // Before anything new.\n    adopt();",
        put: "    elsewhere.second = false;",
        red: model,
      },
      {
        name: "a page that stands still holds no transaction open",
        file: `${SRC}/persistence.ts`,
        out: "        store.rest?.();\n",
        put: "",
        red: model,
      },
    ],
  },
  {
    name: "Tabs, real: eight that open, close, freeze and crash",
    tests: [real("")],
    guards: [
      {
        name: "claims are atomic where there are no Web Locks",
        file: `${SRC}/state/store-locks.ts`,
        out: "isMine = steal || old === undefined || old === tab;",
        put: "isMine = true;",
        red: real("no Web Locks"),
      },
    ],
  },
  {
    name: "Sign-out and sign-in are followed by all tabs",
    tests: [signOut, identity],
    guards: [
      {
        name: "a tab hears of it",
        file: `${SRC}/persistence.ts`,
        out: "        ports.moved(moved);\n",
        put: "",
        red: signOut,
      },
      {
        name: "a frozen tab asks when it wakes",
        file: `${SRC}/client.ts`,
        out: "if (loop) moved();",
        put: "",
        red: signOut,
      },
      {
        name: "what was deleted is not written again",
        file: `${SRC}/state/state-keeper.ts`,
        out: "if (isGone || key !== person()) return old;",
        put: "if (key !== person()) return old;",
      },
      {
        name: "nor by a page that goes",
        file: `${SRC}/persistence.ts`,
        out: "        keeper.forget(moved);\n",
        put: "",
        red: signOut,
      },
      {
        name: "the state of the former person goes",
        file: `${SRC}/identity.ts`,
        out: "...(gone ? [[gone, undefined] as const] : [])",
        put: "",
        red: identity,
      },
      {
        name: "the anonymous history goes with the person",
        file: `${SRC}/identity.ts`,
        out: "isAnonymous ? change(next, true, loop().state) :",
        put: "isAnonymous ? change(next, true) :",
        red: identity,
      },
      {
        name: "consent that is denied is denied in all",
        file: `${SRC}/persistence.ts`,
        out: "if (news.denied) ports.denied();",
        put: "",
        red: signOut,
      },
    ],
  },
  {
    name: "Two devices: what is dismissed on one; forged and expired tokens",
    tests: [identity, unit(`${SRC}/transport/state-client.test.ts`), tokens, devices],
    guards: [
      {
        name: "the state of the other device is joined",
        file: `${SRC}/identity.ts`,
        out: "if (known?.state) await join({ state: known.state });",
        put: "",
        red: devices,
      },
      {
        name: "a token is renewed once after a 401",
        file: `${SRC}/transport/state-client.ts`,
        out: "for (const renew of [false, true]) {",
        put: "for (const renew of [false]) {",
        red: identity,
      },
      {
        name: "a token of somebody else is not used",
        file: `${SRC}/transport/state-client.ts`,
        out: "current = sub === userId ? jwt : undefined;",
        put: "current = jwt;",
        red: identity,
      },
      {
        name: "the server checks the signature",
        file: `${SERVER}/src/access/user-tokens.ts`,
        out: "const { payload } = await jwtVerify(token, key, {",
        put: `const unchecked = async (text: string, ..._: unknown[]) => ({ payload: JSON.parse(Buffer.from(text.split(".")[1] ?? "", "base64url").toString()) });
      const { payload } = await unchecked(token, key, {`,
        red: devices,
      },
      {
        name: "the server checks the end",
        file: `${SERVER}/src/access/user-tokens.ts`,
        out: "if (exp * 1_000 <= now()) throw expired();",
        put: "",
        red: devices,
      },
    ],
  },
  {
    name: "Privacy: consent, addresses, secrets, signals",
    tests: [privacy, consent, early, unit(`${SRC}/transport/flow-source.test.ts`)],
    guards: [
      {
        name: "pending: nothing is written or sent",
        file: `${SRC}/client.ts`,
        out: `if (consent === "granted") persistence = openPersistence();`,
        put: "persistence = openPersistence();",
        red: consent,
      },
      {
        name: "denied: what was stored goes",
        file: `${SRC}/client.ts`,
        out: "await old.store.clear(`${environment}|`);",
        put: "",
        red: consent,
      },
      {
        name: "denied: also what an earlier page stored",
        file: `${SRC}/client.ts`,
        out: "if (isGranted && persistence) return;",
        put: "if (next === consent && !!persistence === isGranted) return;",
        red: consent,
      },
      {
        name: "denied before the start: nothing begins",
        file: `${SRC}/client.ts`,
        out: `if (!loop && given === "denied") consent = given;`,
        put: "",
        red: early,
      },
      {
        name: "query strings are cut",
        file: `${SRC}/transport/message.ts`,
        out: `const bare = (url: string) => url.replace(/[?#].*/s, "");`,
        put: "const bare = (url: string) => url;",
        red: privacy,
      },
      {
        name: "values of fields are never read",
        file: `${SRC}/dom/capture-interactions.ts`,
        out: "if (fresh.length) ports.seen(action, fresh);",
        put: "if (fresh.length && (event.target as HTMLInputElement).value !== null) ports.seen(action, fresh);",
        red: privacy,
      },
      {
        name: "secrets are never taken",
        file: `${SRC}/to-json.ts`,
        out: "UNSAFE.test(key) ? undefined : inside(",
        put: "inside(",
        red: privacy,
      },
      {
        name: "deny, at every depth",
        file: `${SRC}/privacy.ts`,
        out: "isGood(word) && !denied.has(word)",
        put: "isGood(word)",
        red: privacy,
      },
      {
        name: "allow",
        file: `${SRC}/privacy.ts`,
        out: "(word) => !allowed || allowed.has(word)",
        put: "() => true",
        red: privacy,
      },
      {
        name: "GPC and DNT mean denied",
        file: `${SRC}/client.ts`,
        out: `if (objects) consent = "denied";`,
        put: "",
        red: privacy,
      },
      {
        name: "options that make no sense mean denied",
        file: `${SRC}/client.ts`,
        out: `        // Too little is better than too much.
        consent = "denied";`,
        put: "",
        red: privacy,
      },
      {
        name: "requests carry no credentials",
        file: `${SRC}/transport/request.ts`,
        out: `credentials: "omit"`,
        put: `credentials: "include"`,
        red: unit(`${SRC}/transport/flow-source.test.ts`),
      },
    ],
  },
];
