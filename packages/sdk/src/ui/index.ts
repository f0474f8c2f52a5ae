export { createUi } from "./create-ui.tsx";
export { REACH_KEY } from "./reach-key.ts";
