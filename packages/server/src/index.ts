export { createApp } from "./app.ts";
export type { AppType } from "./app.ts";
export { ERROR_CODES } from "./errors.ts";
export type { ErrorBody, ErrorCode } from "./errors.ts";
export type * from "./reports/report-schemas.ts";
export type { Caller, Keyring, ServerDeps } from "./server-env.ts";
export { createMemoryStorage } from "./storage/memory/memory-storage.ts";
export type * from "./storage/storage.ts";
