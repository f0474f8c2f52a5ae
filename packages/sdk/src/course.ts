/** What follows once a hint is on screen, in one chunk: loaded then, and at once for people who have seen one before. */
export { course } from "@cairn/engine/course";
export { actOnHost } from "./host-acts.ts";
