/** What a host may hand in by mistake, or somebody on purpose; made anew each time, in a page. */
export const hostileArguments = (): unknown[] => [
  undefined,
  null,
  "",
  " ",
  "__proto__",
  "x".repeat(1e5),
  0,
  -1,
  Number.NaN,
  Infinity,
  1n,
  true,
  Symbol("s"),
  [],
  [[]],
  {},
  { a: 1n },
  () => {},
  async () => {},
  class {},
  new Date(Number.NaN),
  /x/,
  new Map(),
  new Proxy({}, {}),
  window,
  document,
  document.body,
  new Error("x"),
  Promise.resolve(1),
  Object.create(null),
  Object.freeze({ a: 1 }),
  JSON.parse('{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}}'),
  {
    get x() {
      throw new Error("getter");
    },
  },
  {
    toString() {
      throw new Error("toString");
    },
  },
  {
    toJSON() {
      throw new Error("toJSON");
    },
  },
  new Proxy(
    {},
    {
      get() {
        throw new Error("proxy");
      },
      ownKeys() {
        throw new Error("keys");
      },
    },
  ),
  (() => {
    const a: unknown[] = [];
    a.push(a);
    return a;
  })(),
  "a".repeat(300),
  "cairn.flow.shown",
  "\u0000",
  "😀",
  { force: "yes" },
  { paused: 1, categories: { tip: "no" } },
  new Uint8Array(8),
  new WeakMap(),
  -0,
  "granted",
  "ru-RU",
];
