import { expect, it } from "vitest";
import { cairn } from "./run-cli.ts";

it("does not start a server with an option that does not exist, and says which was meant", async () => {
  const { code, stdout, stderr } = await cairn(["serve", "--prot", "1"]);
  expect(code).toBe(2);
  expect(stdout).toBe("");
  // Without a build there is no server to ask.
  expect(stderr).toMatch(/Did you mean --port\?|run `pnpm build` first/);
});
