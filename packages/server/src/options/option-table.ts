import {
  choice,
  days,
  hidden,
  onOff,
  rate,
  text,
  type ValueOf,
  wholeNumber,
  withoutCredentials,
} from "./option.ts";

/** From the quietest to the most talkative. */
export const LOG_LEVELS = ["silent", "error", "warn", "info"] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/**
 * All that whoever runs a server can set, the same as flag (`--data-dir`), environment variable (`CAIRN_DATA_DIR`)
 * and key of the options file (`dataDir`). `docs/self-hosting.md` has it as a table, and a test holds both together.
 */
export const OPTIONS = {
  config: text({
    env: "CAIRN_CONFIG",
    fallback: "none",
    meaning: "a JSON file with options; it cannot name another one",
  }),
  port: wholeNumber(
    { env: "PORT", fallback: "8787", meaning: "the port to listen on; 0: any free one" },
    0,
    65_535,
  ),
  host: text({
    env: "HOST",
    fallback: "127.0.0.1",
    meaning: "the address to listen on; 0.0.0.0 or :: for every one, as in a container",
  }),
  dataDir: text({
    env: "CAIRN_DATA_DIR",
    fallback: ".cairn",
    meaning: "folder of the SQLite database; made where it is missing",
  }),
  databaseUrl: text({
    env: "DATABASE_URL",
    fallback: "none",
    meaning: "`postgres://user:password@host:5432/cairn`: PostgreSQL instead of SQLite",
    show: withoutCredentials,
  }),
  publicKey: text({
    env: "CAIRN_PUBLIC_KEY",
    fallback: "made at the first start",
    meaning: "a `pk_…` for production that always works, beside those in the database",
  }),
  secretKey: text({
    env: "CAIRN_SECRET_KEY",
    fallback: "made at the first start",
    meaning: "an `sk_…` for production that always works, with every scope; not kept in the database",
    show: hidden,
  }),
  retention: days({
    env: "CAIRN_RETENTION",
    fallback: "400d",
    meaning: "how many days messages are kept, and what is counted of them; or `off`: for ever",
  }),
  trustedProxies: wholeNumber(
    {
      env: "CAIRN_TRUSTED_PROXIES",
      fallback: "0",
      meaning: "how many proxies stand in front, whose `X-Forwarded-For` is believed",
    },
    0,
    10,
  ),
  rateAddress: rate({
    env: "CAIRN_RATE_ADDRESS",
    fallback: "500/2000",
    meaning: "requests of one address without a secret key, per second / at once; or `off`",
  }),
  rateKey: rate({
    env: "CAIRN_RATE_KEY",
    fallback: "20000/40000",
    meaning: "requests of one key, per second / at once; or `off`",
  }),
  stopDelay: wholeNumber(
    {
      env: "CAIRN_STOP_DELAY",
      fallback: "0",
      meaning:
        "how many seconds `/readyz` says 503 before a server that was told to stop takes no more connections",
    },
    0,
    60,
  ),
  logLevel: choice(
    {
      env: "CAIRN_LOG_LEVEL",
      fallback: "info",
      meaning: "`silent`, `error`, `warn`, or `info`: a line for each request",
    },
    LOG_LEVELS,
  ),
  metricsPort: wholeNumber(
    {
      env: "CAIRN_METRICS_PORT",
      fallback: "none",
      meaning: "a port of its own where `/metrics` needs no key, for a network that only you reach",
    },
    0,
    65_535,
  ),
  metricsHost: text({
    env: "CAIRN_METRICS_HOST",
    fallback: "127.0.0.1",
    meaning: "the address that this port listens on",
  }),
  sdkDir: text({
    env: "CAIRN_SDK_DIR",
    fallback: "the build beside this one",
    meaning: "folder of the built SDK, served at `/v1/cairn.js`",
  }),
  studioDir: text({
    env: "CAIRN_STUDIO_DIR",
    fallback: "the build beside this one",
    meaning: "folder of the built studio, served at `/studio/`",
  }),
  demoDir: text({
    env: "CAIRN_DEMO_DIR",
    fallback: "none",
    meaning: "folder of the demo product, served at `/demo/`",
  }),
  demo: onOff({
    env: "CAIRN_DEMO",
    fallback: "0",
    meaning: "`pk_demo` and `sk_demo` work, for callers on this machine; listens on 127.0.0.1 alone",
  }),
} as const;

export type OptionName = keyof typeof OPTIONS;
/** What was set; what is not there was not set. */
export type OptionValues = { readonly [K in OptionName]?: ValueOf<(typeof OPTIONS)[K]> };

/** `dataDir` → `--data-dir` */
export const flagOf = (name: string): string =>
  `--${name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
