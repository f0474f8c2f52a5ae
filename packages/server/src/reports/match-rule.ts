// The engine's own attribute rules, so that a report counts exactly whom the engine would guide.
export { matchesRule } from "../../../engine/src/attribute.ts";
