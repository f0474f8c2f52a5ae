/** For tools that make flows (recorders, a studio's picker): never part of what a product's page loads. */
export { buildTarget } from "./dom/build-selector.ts";
export type { Found } from "./dom/find-target.ts";
export { findTarget } from "./dom/find-target.ts";
export { treesIn } from "./dom/trees.ts";
export { isClear, isSeen, isVisible } from "./visibility.ts";
