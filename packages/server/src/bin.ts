import type { Rate } from "./access/rate-limits.ts";
import { type ServeOptions, serve } from "./node.ts";

/**
 * Runs a server until it is told to stop. Everything comes from the environment: `PORT`, `HOST`, `CAIRN_DATA_DIR`,
 * `DATABASE_URL`, `CAIRN_DEMO=1`, `CAIRN_PUBLIC_KEY`, `CAIRN_SECRET_KEY`, `CAIRN_SDK_DIR`, `CAIRN_STUDIO_DIR`, `CAIRN_DEMO_DIR`,
 * `CAIRN_TRUSTED_PROXIES=1`, `CAIRN_RATE_ADDRESS=500/2000` and `CAIRN_RATE_KEY` (per second / at once, or `off`).
 */
export async function main(env: NodeJS.ProcessEnv = process.env): Promise<void> {
  const write = (line: string) => process.stdout.write(`${line}\n`);
  const port = env.PORT === undefined ? undefined : Number(env.PORT);
  if (port !== undefined && !(Number.isInteger(port) && port >= 0 && port < 65_536))
    throw new TypeError(`PORT must be a number from 0 to 65535, not "${env.PORT}"`);
  const proxies = Number(env.CAIRN_TRUSTED_PROXIES ?? 0);
  if (!(Number.isInteger(proxies) && proxies >= 0 && proxies <= 10))
    throw new TypeError(
      `CAIRN_TRUSTED_PROXIES must be a number from 0 to 10, not "${env.CAIRN_TRUSTED_PROXIES}"`,
    );
  const options: ServeOptions = {
    trustedProxies: proxies,
    rates: {
      address: rateOf("CAIRN_RATE_ADDRESS", env.CAIRN_RATE_ADDRESS),
      key: rateOf("CAIRN_RATE_KEY", env.CAIRN_RATE_KEY),
    },
    ...(port === undefined ? {} : { port }),
    ...(env.HOST === undefined ? {} : { host: env.HOST }),
    ...(env.CAIRN_DATA_DIR === undefined ? {} : { dataDir: env.CAIRN_DATA_DIR }),
    databaseUrl: env.DATABASE_URL,
    demo: env.CAIRN_DEMO === "1",
    publicKey: env.CAIRN_PUBLIC_KEY,
    secretKey: env.CAIRN_SECRET_KEY,
    sdkDir: env.CAIRN_SDK_DIR,
    studioDir: env.CAIRN_STUDIO_DIR,
    demoDir: env.CAIRN_DEMO_DIR,
    onNewKeys: ({ publicKey, secretKey }) => {
      write("Your keys. The secret one is shown only now:");
      write(`  ${publicKey}`);
      write(`  ${secretKey}`);
    },
  };
  const server = await serve(options);
  write(`Cairn is listening on ${server.url}`);
  const stop = () => {
    server.close().then(
      () => process.exit(0),
      (thrown) => {
        process.stderr.write(`${thrown}\n`);
        process.exit(1);
      },
    );
  };
  process.once("SIGINT", stop);
  process.once("SIGTERM", stop);
}

/** `500/2000`, or `off`; `undefined`: as usual. */
function rateOf(name: string, text: string | undefined): Rate | null | undefined {
  if (text === undefined || text === "") return undefined;
  if (text === "off") return null;
  const [perSecond, burst] = (/^(\d+)\/(\d+)$/.exec(text)?.slice(1) ?? []).map(Number);
  if (!perSecond || !burst)
    throw new TypeError(`${name} must be "500/2000" (per second / at once) or "off", not "${text}"`);
  return { perSecond, burst };
}
