import type { Storage } from "../storage/storage.ts";

/** What reports are made of. It only reads, so a thread of its own can have it. */
export type ReportSource = Pick<Storage, "definitions" | "events" | "reportData">;
