import { isolationRows, policyRows } from "./isolation-rows.ts";
import { layerRows } from "./layer-rows.ts";
import { pageRows } from "./page-rows.ts";
import { routeRows } from "./route-rows.ts";
import type { Row } from "./row.ts";
import { targetRows } from "./target-rows.ts";

export const rows: readonly Row[] = [
  ...targetRows,
  ...routeRows,
  ...layerRows,
  ...pageRows,
  ...isolationRows,
  ...policyRows,
];

/** The bar: everything that hints must bear, and the rows that show it (by id, or by what stands before the colon). */
export const BAR: { readonly [promise: string]: readonly string[] } = {
  "target in open shadow DOM by selector": ["shadow", "uses in shadow roots"],
  "target in a same-origin iframe": ["frame"],
  "target that appears late": ["late"],
  "target that is removed": ["removed"],
  "target that is re-mounted": ["re-mounted"],
  "target that is moved": ["moved"],
  "target hidden by display:none": ["display:none"],
  "target under a sticky header": ["sticky header"],
  "target in nested scroll containers": ["nested scrollers"],
  "target under a transformed ancestor": ["transformed ancestor"],
  "route change by pushState": ["route: pushState"],
  "route change by replaceState": ["route: replaceState"],
  "route change by hash": ["route: hash"],
  "route change by the Navigation API": ["route: Navigation API"],
  "layout shift is followed": ["layout shift"],
  "modal dialog before, target inside": ["modal before: target inside"],
  "modal dialog before, target outside": ["modal before: target outside"],
  "modal dialog after, target inside": [
    "modal after: target inside",
    "modal: in a shadow root",
    "modal: in a frame",
  ],
  "modal dialog after, target outside": ["modal after: target outside", "modal after: checklist"],
  "host popover is not closed by a hint opening": ["popover: opening"],
  "host popover is not closed by pressing the hint": ["popover: pressing"],
  "host modal that closes on blur or press outside is closed by neither": ["press-outside"],
  "beside a focus trap the hint's buttons are reachable and keep the focus": ["focus trap"],
  "when the host closes the modal, the hint in it goes too": ["modal closes", "modal removed"],
  "target connected but hidden": ["hidden", "clipped", "covered"],
  "target 0×0": ["0×0"],
  "target scrolled out of an inner scroller": ["inner scroller"],
  "inner scroller inside a shadow root": ["inner scroller: in a shadow root"],
  "row recycled by a virtual list": ["virtual list"],
  "header cloned by a grid": ["cloned header"],
  "opening never moves focus, typing goes on": ["focus", "keys"],
  "host layer at z-index 2147483647": ["z-index"],
  "hostile CSS": ["hostile CSS"],
  "two flows at once": ["two flows"],
  "no attribute, class or style of the page is changed": ["isolation"],
  "strict CSP and trusted-types 'none': 0 violations": ["CSP"],
  "works in Chromium and Firefox": ["works in both browsers"],
  "selectors, ranks and words": ["nth and text", "hostile selectors", "recorded"],
  "targets made for authors": ["made targets"],
};

/** Throws where a promise has no row, or a row belongs to none; returns how many there are of each. */
export function countRows(): { promises: number; rows: number } {
  const used = new Set<Row>();
  for (const [promise, ids] of Object.entries(BAR))
    for (const wanted of ids) {
      const found = rows.filter(({ id }) => id === wanted || id.startsWith(`${wanted}: `));
      if (!found.length) throw new Error(`nothing shows "${promise}": there is no row ${wanted}`);
      for (const row of found) used.add(row);
    }
  const idle = rows.filter((row) => !used.has(row));
  if (idle.length) throw new Error(`rows without a promise: ${idle.map(({ id }) => id).join()}`);
  return { promises: Object.keys(BAR).length, rows: rows.length };
}
