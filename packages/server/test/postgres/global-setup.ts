import postgres from "postgres";
import type { TestProject } from "vitest/node";
import { createPostgresServer } from "./postgres-server.ts";

declare module "vitest" {
  export interface ProvidedContext {
    /** A server that tests may make databases in. */
    postgresUrl: string;
  }
}

/** One PostgreSQL for all tests of a run: the one that `CAIRN_TEST_DATABASE_URL` names, else one of our own. */
export default async function setup({ provide }: TestProject): Promise<() => Promise<void>> {
  const given = process.env.CAIRN_TEST_DATABASE_URL;
  const own = given === undefined ? await createPostgresServer() : undefined;
  try {
    await own?.start();
    const url = given ?? own?.url() ?? "";
    const sql = postgres(url, { max: 1, onnotice: () => {} });
    const [row] = await sql<{ version: string }[]>`SELECT version() AS version`;
    await sql.end();
    console.log(
      `server tests: ${row?.version.split(" on ")[0]} (${own === undefined ? "given" : "started for this run"})`,
    );
    provide("postgresUrl", url);
  } catch (thrown) {
    await own?.remove();
    throw thrown;
  }
  return async () => {
    await own?.remove();
  };
}
