import { describe, expect, it } from "vitest";
import type { EventRecord } from "../storage.ts";
import { isStoreUnavailable } from "../store-unavailable.ts";
import { createGroupCommit } from "./group-commit.ts";

const records = (count: number) => Array.from({ length: count }, () => ({}) as EventRecord);

describe("createGroupCommit", () => {
  it("commits together what arrives together, and answers each for itself", async () => {
    const commits: number[] = [];
    const { append } = createGroupCommit((batches) => {
      commits.push(batches.length);
      return batches.map(({ records }) => ({ accepted: records.length, duplicate: 0 }));
    });
    const answers = await Promise.all([
      append("one", records(1)),
      append("two", records(2)),
      append("one", records(3)),
    ]);
    expect(answers.map(({ accepted }) => accepted)).toEqual([1, 2, 3]);
    expect(commits).toEqual([3]);
  });

  it("answers nothing before the commit has returned", async () => {
    let committed = false;
    const { append } = createGroupCommit((batches) => {
      committed = true;
      return batches.map(() => ({ accepted: 1, duplicate: 0 }));
    });
    const answer = append("one", records(1));
    expect(committed).toBe(false);
    await answer;
    expect(committed).toBe(true);
  });

  it("bounds one commit, and goes on with the rest", async () => {
    const commits: number[] = [];
    const { append, drain } = createGroupCommit((batches) => {
      commits.push(batches.reduce((sum, { records }) => sum + records.length, 0));
      return batches.map(() => ({ accepted: 0, duplicate: 0 }));
    });
    const answers = Array.from({ length: 10 }, () => append("one", records(900)));
    await drain();
    await Promise.all(answers);
    expect(commits).toEqual([1800, 1800, 1800, 1800, 1800]);
  });

  it("tells everybody of a commit that failed, and takes what comes after", async () => {
    let broken = true;
    const { append } = createGroupCommit((batches) => {
      if (broken) throw new Error("disk full");
      return batches.map(() => ({ accepted: 1, duplicate: 0 }));
    });
    const failed = await Promise.allSettled([append("one", records(1)), append("one", records(1))]);
    expect(failed.map((one) => one.status === "rejected" && isStoreUnavailable(one.reason))).toEqual([
      true,
      true,
    ]);
    broken = false;
    expect(await append("one", records(1))).toEqual({ accepted: 1, duplicate: 0 });
  });

  it("refuses more than it may hold, so that memory stays bounded", async () => {
    const { append } = createGroupCommit((batches) => batches.map(() => ({ accepted: 0, duplicate: 0 })));
    const many = records(60_000);
    const first = append("one", many);
    const second = await append("one", many).catch((thrown: unknown) => thrown);
    expect(isStoreUnavailable(second)).toBe(true);
    await first;
  });
});
