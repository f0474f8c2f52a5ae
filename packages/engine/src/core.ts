export { compileCore as compile } from "./compile.ts";
export { decisionsOf } from "./decision-log.ts";
export { transition } from "./transition.ts";
export { createState, deserialise, serialise } from "./user-state.ts";
