import { type Driver, expectSoon, hint, pointsAt, start } from "./driver.ts";
import type { Row } from "./row.ts";

/** A product that draws another view at each route: what the hint pointed at is gone. */
const routed = (id: string, how: string, go: () => unknown, back: () => unknown): Row => ({
  id: `route: ${id}`,
  fact: `a route change by ${how} takes the hint along and leaves nothing of it`,
  async test(page) {
    await page.run(() => history.replaceState({}, "", "/reports"));
    await start(page, [
      hint(
        { anchor: "export" },
        { targetWait: "1s", trigger: { page: "/reports" }, frequency: { atMost: null } },
      ),
    ]);
    await pointsAt(page, "export");
    await render(page, go, false);
    await expectSoon(page, 0, () => window.site.traces());
    await expectSoon(page, [0, ["navigated"]], () => [
      window.site.left(),
      window.site.events.filter(({ type }) => type === "flow.ended").map(({ detail }) => `${detail.reason}`),
    ]);
    await render(page, back, true);
    await expectSoon(page, 0, () => window.site.left());
  },
});

async function render(page: Driver, go: () => unknown, isThere: boolean): Promise<void> {
  await page.run(go);
  await page.run((there) => {
    const main = document.querySelector("#main") as HTMLElement;
    if (there) return;
    main.replaceChildren(Object.assign(document.createElement("h1"), { textContent: "Another view" }));
  }, isThere);
}

export const routeRows: readonly Row[] = [
  routed(
    "pushState",
    "pushState, and back",
    () => history.pushState({}, "", "/clients"),
    () => history.back(),
  ),
  routed(
    "replaceState",
    "replaceState",
    () => history.replaceState({}, "", "/clients"),
    () => history.replaceState({}, "", "/invoices"),
  ),
  routed(
    "hash",
    "the hash",
    () => {
      location.hash = "#/clients";
    },
    () => {
      location.hash = "#/invoices";
    },
  ),
  routed(
    "Navigation API",
    "the Navigation API",
    () => {
      const { navigation } = window as { navigation?: EventTarget & { navigate(url: string): void } };
      // Where the browser has none, a product would fall back to this.
      if (!navigation) return history.pushState({}, "", "/clients");
      navigation.addEventListener("navigate", (event) =>
        (event as Event & { intercept(): void }).intercept(),
      );
      navigation.navigate("/clients");
    },
    () => history.back(),
  ),
];
