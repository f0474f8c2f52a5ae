import { type Day, dayOf } from "./day.ts";

export const today = (): Day => dayOf(Date.now());
