// The real server with the shipped SDK, in a process of its own: prints its address, and signs user tokens by the
// keys that the test knows.
import { join } from "node:path";
import { createMemoryStorage, serve } from "../../../server/src/index.ts";

const storage = createMemoryStorage();
const key = { kid: "ut_1", alg: "HS256", createdAt: Date.now(), secret: process.env.CAIRN_TEST_SECRET };
await storage.writeDocument(
  "production",
  { collection: "signing-key", id: key.kid, expected: 0, body: JSON.stringify(key) },
  Date.now(),
);
const { url } = await serve({
  port: 0,
  storage,
  publicKey: "pk_0123456789abcdef",
  secretKey: "sk_0123456789abcdef",
  sdkDir: join(import.meta.dirname, "../../dist/script"),
  report: (error) => process.stderr.write(`${error}\n`),
});
process.stdout.write(`${url}\n`);
