import { describe, expect, it } from "vitest";
import { flagOf, OPTIONS, type OptionName } from "./option-table.ts";
import { isWrongOption, readOptions } from "./read-options.ts";
import { helpOn, showOptions } from "./show-options.ts";

const NAMES = Object.keys(OPTIONS) as OptionName[];
/** A good value of each option, as it is written. */
const GOOD: { readonly [name in OptionName]: string } = {
  config: "cairn.json",
  port: "8080",
  host: "::1",
  dataDir: "/data",
  databaseUrl: "postgres://anna:canary-password@db:5432/cairn?password=canary-too",
  publicKey: "pk_0123456789abcdef",
  secretKey: "sk_canary-secret-0123456789",
  retention: "90d",
  trustedProxies: "2",
  rateAddress: "5/20",
  rateKey: "off",
  stopDelay: "8",
  logLevel: "warn",
  metricsPort: "9464",
  metricsHost: "10.0.0.7",
  sdkDir: "sdk",
  studioDir: "studio",
  demoDir: "demo",
  demo: "1",
};
const file = (content: unknown) => ({ readFile: () => JSON.stringify(content) });
const refusal = (sources: Parameters<typeof readOptions>[0]): string => {
  try {
    readOptions(sources);
  } catch (thrown) {
    if (isWrongOption(thrown)) return thrown.message;
    throw thrown;
  }
  return "nothing was refused";
};

describe("readOptions", () => {
  it("reads each option the same from a flag, the environment and the file", () => {
    expect(Object.keys(GOOD)).toEqual(NAMES);
    for (const name of NAMES.filter((one) => one !== "config")) {
      const { env } = OPTIONS[name];
      const ways = [
        readOptions({ args: [flagOf(name), GOOD[name]].slice(0, OPTIONS[name].isSwitch ? 1 : 2) }),
        readOptions({ args: [`${flagOf(name)}=${GOOD[name]}`] }),
        readOptions({ env: { [env]: GOOD[name] } }),
        readOptions({ args: ["--config", "cairn.json"], ...file({ [name]: GOOD[name] }) }),
        readOptions({ env: { CAIRN_CONFIG: "cairn.json" }, ...file({ [name]: GOOD[name] }) }),
      ];
      const values = ways.map((way) => way.values[name]);
      expect(values[0]).toBeDefined();
      for (const value of values) expect([name, value]).toEqual([name, values[0]]);
    }
  });

  it("lets a flag stand over the environment, that over the file, and that over the default", () => {
    const sources = {
      args: ["--config=f", "--port=1"],
      env: { PORT: "2", CAIRN_DATA_DIR: "/env", HOST: "" },
      ...file({ port: 3, dataDir: "/file", host: "::", demo: true }),
    };
    const { values, list } = readOptions(sources);
    expect(values).toEqual({ config: "f", port: 1, dataDir: "/env", host: "::", demo: true });
    const from = Object.fromEntries(list.map((one) => [one.name, one.from]));
    expect(from).toMatchObject({
      port: "--port",
      dataDir: "CAIRN_DATA_DIR",
      host: '"host" in f',
      logLevel: "default",
    });
  });

  it.each([
    [{ args: ["--prot", "1"] }, "There is no flag --prot. Did you mean --port?"],
    [{ args: ["--datadir=x"] }, "There is no flag --datadir. Did you mean --data-dir?"],
    [{ args: ["--quite-another-thing"] }, "There is no flag --quite-another-thing."],
    [{ args: ["-p", "1"] }, "There is no flag -p."],
    [{ args: ["--port"] }, "--port needs a value."],
    [{ args: ["--port", "--demo"] }, "--port needs a value."],
    [{ args: ["--port=1", "--port=2"] }, "--port is given twice."],
    [{ args: ["8787"] }, '"8787" is one argument too many.'],
    [
      { env: { CAIRN_DATADIR: "x" } },
      "There is no environment variable CAIRN_DATADIR. Did you mean CAIRN_DATA_DIR?",
    ],
    [
      { env: { CAIRN_TRUSTED_PROXY: "1" } },
      "There is no environment variable CAIRN_TRUSTED_PROXY. Did you mean CAIRN_TRUSTED_PROXIES?",
    ],
    [
      { args: ["--config=f"], ...file({ data_dri: "x" }) },
      "There is no option in f called data_dri. Did you mean dataDir?",
    ],
    [{ args: ["--config=f"], ...file({ config: "g" }) }, "There is no option in f called config."],
    [{ args: ["--config=f"], ...file({ port: [1] }) }, 'f: "port" must be a whole number from 0 to 65535.'],
    [{ args: ["--config=f"], ...file([1]) }, 'f: it must be one JSON object, {"port": 8787}.'],
    [{ args: ["--config=f"], readFile: () => "{port: 1}" }, "--config: f cannot be read: it is not JSON"],
    [{ env: { PORT: "http" } }, 'PORT must be a whole number from 0 to 65535, not "http".'],
    [{ env: { PORT: "65536" } }, 'PORT must be a whole number from 0 to 65535, not "65536".'],
    [
      { env: { CAIRN_TRUSTED_PROXIES: "yes" } },
      'CAIRN_TRUSTED_PROXIES must be a whole number from 0 to 10, not "yes".',
    ],
    [
      { env: { CAIRN_RATE_KEY: "5" } },
      'CAIRN_RATE_KEY must be "500/2000" (per second / at once) or "off", not "5".',
    ],
    [{ args: ["--demo=perhaps"] }, '--demo must be 1 or 0, not "perhaps".'],
    [{ args: ["--log-level=loud"] }, '--log-level must be one of silent, error, warn, info, not "loud".'],
  ])("refuses %j and says what to do", (sources, words) => {
    expect(refusal(sources)).toContain(words);
  });

  it("says of a file that is not there that it is not there", () => {
    expect(refusal({ args: ["--config=/nowhere/cairn.json"] })).toContain(
      "/nowhere/cairn.json cannot be read: ENOENT",
    );
  });

  it("leaves alone what others have in the environment", () => {
    const env = {
      CAIRN_HOST: "https://cairn.example.com",
      CAIRN_SOAK: "1",
      CAIRN_HEADLESS_SHELL: "/usr/bin/shell",
      CAIRN_TEST_DATABASE_URL: "x",
      // As Kubernetes writes them for services called `cairn` and `cairn-db`.
      CAIRN_SERVICE_HOST: "10.0.0.1",
      CAIRN_SERVICE_PORT_HTTP: "80",
      CAIRN_PORT: "tcp://10.0.0.1:80",
      CAIRN_PORT_80_TCP_ADDR: "10.0.0.1",
      CAIRN_DB_SERVICE_HOST: "10.0.0.2",
      CAIRN_DB_PORT_5432_TCP: "tcp://10.0.0.2:5432",
      PATH: "/bin",
    };
    expect(readOptions({ env }).values).toEqual({});
  });

  it("gives a command only the flags that it asks for", () => {
    const only = ["config", "dataDir"] as const;
    const sources = { args: ["--data-dir=x", "out.db"], env: { PORT: "1" }, only, positional: 1 };
    const { values, rest, list } = readOptions(sources);
    expect([values, rest, list.length]).toEqual([{ dataDir: "x" }, ["out.db"], 2]);
    expect(refusal({ args: ["--port=1"], only })).toContain("There is no flag --port.");
  });

  it("asks for help whatever else is wrong", () => {
    expect(readOptions({ args: ["--prot", "--help"] }).help).toBe(true);
    for (const name of NAMES) expect(helpOn()).toContain(`${flagOf(name)} `);
  });
});

describe("showOptions", () => {
  it("prints what holds and where it comes from, and no secret", () => {
    const env = Object.fromEntries(NAMES.map((name) => [OPTIONS[name].env, GOOD[name]]));
    const shown = showOptions(readOptions({ env, ...file({}) }).list);
    expect(shown.split("\n")).toHaveLength(NAMES.length);
    expect(shown).not.toContain("canary");
    expect(shown).not.toContain("anna");
    expect(shown).toMatch(/databaseUrl +postgres:\/\/db:5432\/cairn +DATABASE_URL/);
    expect(shown).toMatch(/secretKey +\(set, not shown\) +CAIRN_SECRET_KEY/);
    expect(shown).toMatch(/port +8080 +PORT/);
    expect(showOptions(readOptions({ env: { DATABASE_URL: "canary@?" } }).list)).not.toContain("canary");
  });
});
