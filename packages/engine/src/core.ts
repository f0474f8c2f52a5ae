export { compileCore as compile, compileSteps } from "./compile.ts";
export { decisionsOf } from "./decision-log.ts";
export { transition } from "./transition.ts";
export { createState, deserialise, serialise } from "./user-state.ts";
