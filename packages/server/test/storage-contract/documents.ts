import { expect, it } from "vitest";
import type { DocumentWrite } from "../../src/storage/storage.ts";
import { type Fresh, flow } from "./fixtures.ts";

const entry = (subject: string, more: object = {}) => ({
  actor: "key 1",
  action: "put",
  subject,
  before: null,
  after: 1,
  note: null,
  ...more,
});
const write = (id: string, expected: number, body: string | null, more: Partial<DocumentWrite> = {}) =>
  ({ collection: "preview", id, expected, body, ...more }) as const;

/** Documents and the audit log. */
export function describeDocuments(fresh: Fresh): void {
  it("writes a document only over the revision that was read", async () => {
    const storage = await fresh();
    expect(await storage.document("one", "preview", "a")).toBeUndefined();
    expect(await storage.writeDocument("one", write("a", 1, "no"), 5)).toBe(false);
    expect(await storage.writeDocument("one", write("a", 0, "first"), 5)).toBe(true);
    expect(await storage.writeDocument("one", write("a", 0, "again"), 6)).toBe(false);
    expect(await storage.writeDocument("one", write("a", 1, "second"), 7)).toBe(true);
    expect(await storage.document("one", "preview", "a")).toEqual({
      id: "a",
      revision: 2,
      updatedAt: 7,
      body: "second",
    });
    expect(await storage.writeDocument("one", write("a", 1, null), 8)).toBe(false);
    expect(await storage.writeDocument("one", write("a", 2, null), 8)).toBe(true);
    expect(await storage.document("one", "preview", "a")).toBeUndefined();
  });

  it("lets one of many writers at once win", async () => {
    const storage = await fresh();
    const won = await Promise.all(
      Array.from({ length: 20 }, (_, i) => storage.writeDocument("one", write("a", 0, `${i}`), 5)),
    );
    expect(won.filter(Boolean)).toHaveLength(1);
  });

  it("keeps collections and environments apart, and lists one by id", async () => {
    const storage = await fresh();
    for (const id of ["b", "a"]) await storage.writeDocument("one", write(id, 0, id), 5);
    await storage.writeDocument("one", write("c", 0, "c", { collection: "state" }), 5);
    await storage.writeDocument("two", write("d", 0, "d"), 5);
    const ids = async (environment: string) =>
      (await storage.documents(environment, "preview")).map(({ id }) => id);
    expect(await ids("one")).toEqual(["a", "b"]);
    expect(await ids("two")).toEqual(["d"]);
    expect(await ids("none")).toEqual([]);
    expect(await storage.document("two", "preview", "a")).toBeUndefined();
    expect(await storage.document("one", "preview", "c")).toBeUndefined();
  });

  it("forgets what has expired when something else is written", async () => {
    const storage = await fresh();
    await storage.writeDocument("one", write("old", 0, "x", { expiresAt: 10 }), 5);
    await storage.writeDocument("one", write("kept", 0, "x", { expiresAt: 30 }), 5);
    await storage.writeDocument("one", write("other", 0, "x"), 20);
    expect((await storage.documents("one", "preview")).map(({ id }) => id)).toEqual(["kept", "other"]);
  });

  it("clears away what has expired, and nothing else, where it is asked to", async () => {
    const storage = await fresh();
    for (const environment of ["one", "two"]) {
      await storage.writeDocument(environment, write("old", 0, "x", { expiresAt: 10 }), 5);
      await storage.writeDocument(environment, write("kept", 0, "x", { expiresAt: 11 }), 5);
      await storage.writeDocument(environment, write("always", 0, "x"), 5);
    }
    await storage.dropExpired(10);
    for (const environment of ["one", "two"]) {
      const left = await storage.documents(environment, "preview");
      expect(left.map(({ id }) => id)).toEqual(["always", "kept"]);
    }
  });

  it("tells of changes in the audit log, newest first and page by page, and of nothing that was not done", async () => {
    const storage = await fresh();
    await storage.writeDocument("one", write("a", 0, "x"), 5, [entry("previews/a")]);
    await storage.writeDocument("one", write("a", 0, "x"), 6, [entry("previews/never")]);
    await storage.change("one", 0, [{ type: "put", kind: "flow", id: "f", body: flow("f", "F") }], 7, {
      author: "anna",
      entries: [entry("flows/f", { actor: "anna", note: "why" }), entry("flows/g")],
    });
    await storage.change("one", 0, [], 8, { author: "anna", entries: [entry("flows/never")] });
    await storage.writeDocument("two", write("b", 0, "x"), 9, [entry("previews/b")]);
    const all = await storage.audit("one", { limit: 10 });
    expect(all.map(({ subject, at }) => [subject, at])).toEqual([
      ["flows/g", 7],
      ["flows/f", 7],
      ["previews/a", 5],
    ]);
    expect(all[1]).toEqual({
      id: all[1]?.id,
      at: 7,
      ...entry("flows/f", { actor: "anna", note: "why" }),
    });
    const [first] = await storage.audit("one", { limit: 1 });
    const rest = await storage.audit("one", { limit: 5, before: first?.id ?? 0 });
    expect(rest).toEqual(all.slice(1));
    expect(await storage.audit("one", { limit: 5, subject: "flows/f" })).toHaveLength(1);
    expect(await storage.audit("two", { limit: 5 })).toHaveLength(1);
  });

  it("says who published a version, and takes an archived flow out of the config until it comes back", async () => {
    const storage = await fresh();
    const put = { type: "put", kind: "flow", id: "f", body: flow("f", "F") } as const;
    const publish = { type: "publish", flow: "f", body: put.body, note: null } as const;
    await storage.change("one", 0, [put, publish], 5, { author: "anna", entries: [] });
    await storage.change("one", 1, [publish], 6);
    expect((await storage.versions("one", "f")).map(({ author }) => author)).toEqual([null, "anna"]);
    await storage.change("one", 2, [{ type: "archive", flow: "f", archived: true }], 7);
    await storage.change("one", 3, [{ ...put, body: flow("f", "New") }], 8);
    const archived = await storage.definitions("one");
    expect(archived.live).toEqual([]);
    expect(archived.drafts[0]).toMatchObject({ archivedAt: 7, body: { name: "New" } });
    await storage.change("one", 4, [{ type: "archive", flow: "f", archived: false }], 9);
    const back = await storage.definitions("one");
    expect(back.live).toEqual([]);
    expect(back.drafts[0]).not.toHaveProperty("archivedAt");
  });
}
