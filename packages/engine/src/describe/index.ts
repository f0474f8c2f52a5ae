export type { DescribeLanguage, DescribeNames } from "./describe.ts";
export { describe } from "./describe.ts";
