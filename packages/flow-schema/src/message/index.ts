export type { MessageValidation } from "./validate-message.ts";
export { validateMessage } from "./validate-message.ts";
