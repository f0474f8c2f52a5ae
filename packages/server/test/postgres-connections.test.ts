import { once } from "node:events";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { afterEach, expect, it } from "vitest";
import { connectTo } from "../src/storage/postgres/connect.ts";
import { createLanes } from "../src/storage/postgres/lanes.ts";
import { leaseDatabase } from "./postgres/lease-database.ts";

const unheard: unknown[] = [];
const hear = (thrown: unknown) => unheard.push(thrown);
afterEach(() => {
  process.off("unhandledRejection", hear);
  unheard.splice(0);
});

/** Lets everybody in, and is gone with the first question. */
async function serveUntilAsked() {
  const ready = Buffer.from([...[0x52, 0, 0, 0, 8, 0, 0, 0, 0], ...[0x5a, 0, 0, 0, 5, 0x49]]);
  const server = createServer((socket: Socket) => {
    socket.on("error", () => {});
    socket.once("data", () => {
      socket.write(ready);
      socket.once("data", () => {
        server.close();
        socket.end();
      });
    });
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  return `postgres://cairn@127.0.0.1:${(server.address() as AddressInfo).port}/none`;
}

it("says to who wants it that a connection was lost while it came up, and to nobody else", async () => {
  process.on("unhandledRejection", hear);
  const lanes = createLanes(await serveUntilAsked(), 1);
  await expect(lanes.take()).rejects.toMatchObject({ code: "CONNECTION_CLOSED" });
  await lanes.end();
  await new Promise((resolve) => setImmediate(resolve));
  expect(unheard).toEqual([]);
});

it("sends and reads lists as they are", async () => {
  const { url, giveBack } = await leaseDatabase();
  const sql = connectTo(url, 1);
  const words = ["", " ", ",", '"', "\\", '\\"', "{a,b}", "NULL", "a\nb", "é😀"];
  const numbers = [0, -1, 2 ** 52];
  const [row] = await sql`SELECT to_json(${words}::text[]) AS words, to_json(${[]}::text[]) AS no_words,
    ${numbers}::bigint[] AS numbers, ${[1, 2]}::integer[] AS small, ${[]}::bigint[] AS none`;
  expect(row).toEqual({ words, no_words: [], numbers, small: [1, 2], none: [] });
  await sql.end();
  giveBack();
});
