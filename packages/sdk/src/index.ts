export { createCairn } from "./create-cairn.ts";
export type * from "./api.ts";
