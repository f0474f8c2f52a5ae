import { type ServeOptions, serve } from "./node.ts";

/**
 * Runs a server until it is told to stop. Everything comes from the environment: `PORT`, `HOST`, `CAIRN_DATA_DIR`,
 * `DATABASE_URL`, `CAIRN_DEMO=1`, `CAIRN_PUBLIC_KEY`, `CAIRN_SECRET_KEY`, `CAIRN_SDK_DIR`, `CAIRN_STUDIO_DIR`, `CAIRN_DEMO_DIR`.
 */
export async function main(env: NodeJS.ProcessEnv = process.env): Promise<void> {
  const write = (line: string) => process.stdout.write(`${line}\n`);
  const port = env.PORT === undefined ? undefined : Number(env.PORT);
  if (port !== undefined && !(Number.isInteger(port) && port >= 0 && port < 65_536))
    throw new TypeError(`PORT must be a number from 0 to 65535, not "${env.PORT}"`);
  const options: ServeOptions = {
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
