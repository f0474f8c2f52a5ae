import { layerRows } from "./layer-rows.ts";
import { pageRows } from "./page-rows.ts";
import { routeRows } from "./route-rows.ts";
import type { Row } from "./row.ts";
import { targetRows } from "./target-rows.ts";

export const rows: readonly Row[] = [...targetRows, ...routeRows, ...layerRows, ...pageRows];
