// `npm start`: everything a clean clone needs, the build, and the demo server with demo keys on loopback.
import { accessSync, constants, mkdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { bootstrap, root, run } from "./bootstrap.mjs";

const port = Number(process.env.PORT || 8787);
const dataDir = resolve(root, process.env.CAIRN_DATA_DIR || ".cairn");

/** The built file, as a module. */
const load = (...path) => import(pathToFileURL(join(root, ...path)).href);

/** What is wrong with the two variables is said before anything is fetched or built. */
function checkVariables() {
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    throw new Error(`PORT is "${process.env.PORT}", which is no port. Write a number: PORT=8800 npm start`);
  try {
    mkdirSync(dataDir, { recursive: true });
    accessSync(dataDir, constants.W_OK);
  } catch ({ code }) {
    throw new Error(
      `${dataDir} is no folder that can be written (${code}). Choose another: CAIRN_DATA_DIR=.data npm start`,
    );
  }
}

try {
  checkVariables();
  const env = bootstrap();
  run("pnpm", ["run", "--silent", "build"], env);

  const { serve } = await load("packages/server/dist/index.js");
  const server = await serve({
    port,
    dataDir,
    demo: true,
    sdkDir: join(root, "packages/sdk/dist/script"),
    studioDir: join(root, "packages/studio/dist"),
    demoDir: join(root, "examples/demo-product/dist"),
  });
  for (const signal of ["SIGINT", "SIGTERM"]) {
    process.once(signal, () => server.close().then(() => process.exit(0)));
  }

  const { seedDemo } = await load("examples/demo-product/dist-seed/seed.js");
  await seedDemo({
    url: server.url,
    secretKey: "sk_demo",
    publicKey: "pk_demo",
    now: Date.now(),
    log: console.log,
  });
  console.log(`
  Demo    ${server.url}/demo/
  Studio  ${server.url}/studio/
  Data    ${dataDir}
  Ctrl-C stops it.
`);
} catch (error) {
  const taken = error.code === "EADDRINUSE";
  console.error(
    `\n${taken ? `Port ${port} is taken. Stop what uses it, or choose another: PORT=8800 npm start` : error.message}`,
  );
  process.exit(1);
}
