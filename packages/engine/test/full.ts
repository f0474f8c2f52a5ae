/** Whether suites run with all that they promise (`pnpm soak`), or in the short form that every change goes through. */
export const FULL = process.env.CAIRN_SOAK === "1";
