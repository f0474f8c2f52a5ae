import { CONTAINMENT } from "./containment.ts";
import { DELIVERY } from "./delivery.ts";
import type { Suite } from "./guard.ts";
import { PEOPLE } from "./people.ts";

/** Each suite that must show something, and the guards that it must miss. */
export const SUITES: readonly Suite[] = [...CONTAINMENT, ...DELIVERY, ...PEOPLE];
