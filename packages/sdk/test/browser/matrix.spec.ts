import { createRequire } from "node:module";
import { expect, type Page, test } from "@playwright/test";
import { click, PRESS, STATES } from "./states.ts";

/**
 * axe over every state that a hint can be in × theme × direction × width × how the system wants it. One page, in which
 * the state is changed in place. `npm test` looks at four combinations for each state, which have every value of every
 * axis; CAIRN_SOAK=1 looks at all.
 */
const WHOLE = process.env.CAIRN_SOAK === "1";

const THEMES = {
  default: {},
  brand: {
    light: { surface: "#fffaf2", text: "#2b2118", muted: "#6b5847", accent: "#b4400a", border: "#e8dcc8" },
    dark: { surface: "#241a12", text: "#f6ede2", accent: "#ff9e5e", onAccent: "#2b1400" },
    radius: 4,
    font: { family: "Georgia", size: 16 },
    spacing: "roomy",
    shadow: "deep",
    motion: "lively",
  },
} as const;
const DIRECTIONS = { ltr: "ru", rtl: "ar" } as const;
const WIDTHS = [1000, 320] as const;
const SYSTEMS = {
  light: { colorScheme: "light", forcedColors: "none", reducedMotion: "no-preference" },
  dark: { colorScheme: "dark", forcedColors: "none", reducedMotion: "no-preference" },
  forced: { colorScheme: "light", forcedColors: "active", reducedMotion: "no-preference" },
  calm: { colorScheme: "light", forcedColors: "none", reducedMotion: "reduce" },
} as const;

interface Combination {
  readonly theme: keyof typeof THEMES;
  readonly direction: keyof typeof DIRECTIONS;
  readonly width: (typeof WIDTHS)[number];
  readonly system: keyof typeof SYSTEMS;
}
const SAMPLE: readonly Combination[] = [
  { theme: "default", direction: "ltr", width: 1000, system: "light" },
  { theme: "brand", direction: "rtl", width: 320, system: "dark" },
  { theme: "default", direction: "rtl", width: 1000, system: "forced" },
  { theme: "brand", direction: "ltr", width: 320, system: "calm" },
];
const ALL: readonly Combination[] = (Object.keys(SYSTEMS) as Combination["system"][]).flatMap((system) =>
  WIDTHS.flatMap((width) =>
    (Object.keys(THEMES) as Combination["theme"][]).flatMap((theme) =>
      (Object.keys(DIRECTIONS) as Combination["direction"][]).map((direction) => ({
        theme,
        direction,
        width,
        system,
      })),
    ),
  ),
);

const inRoot = (page: Page, selector: string) => page.locator(`cairn-root ${selector}`).first();

test("axe finds nothing in any state, theme, direction, width and system", async ({ browser }) => {
  test.setTimeout(WHOLE ? 900_000 : 180_000);
  // The page's own policy would refuse axe; what is tested here is the hint.
  const context = await browser.newContext({ bypassCSP: true, viewport: { width: 1000, height: 640 } });
  const page = await context.newPage();
  const errors: string[] = [];
  page.on("pageerror", (error) => errors.push(error.message));
  await page.goto(`${process.env.CAIRN_GALLERY}`);
  await page.addScriptTag({ path: createRequire(import.meta.url).resolve("axe-core/axe.min.js") });
  const combinations = WHOLE ? ALL : SAMPLE;
  const found: string[] = [];
  /** Each state that was proven to be on screen, in each combination. */
  const proven = new Set<string>();
  const perRule = new Map<string, number>();

  for (const at of combinations) {
    const look = { locale: DIRECTIONS[at.direction], theme: THEMES[at.theme] };
    await page.setViewportSize({ width: at.width, height: 640 });
    await page.emulateMedia(SYSTEMS[at.system]);
    await page.evaluate((locale) => window.gallery.ui.setLocale(locale), look.locale);
    for (const [name, { show, seen }] of Object.entries(STATES)) {
      const label = `${name} | ${Object.values(at).join(" ")}`;
      await page.evaluate(show, look);
      await page.locator("cairn-root [data-run]").first().waitFor({ state: "attached" });
      const press = PRESS[name];
      if (press !== undefined) await page.evaluate(click, press);
      await inRoot(page, seen).waitFor({ state: "visible", timeout: 15_000 });
      const { here, violations, checked } = await page.evaluate(lookAt, seen);
      expect(here, label).toEqual({
        dir: at.direction,
        width: at.width,
        dark: at.system === "dark",
        forced: at.system === "forced",
        calm: at.system === "calm",
        moving: 0,
        brand: at.theme === "brand",
        inView: true,
      });
      for (const rule of checked) perRule.set(rule, (perRule.get(rule) ?? 0) + 1);
      found.push(...violations.map((one) => `${label}: ${one}`));
      if (checked.includes("target-size")) proven.add(label);
      await page.evaluate(() => window.gallery.ui.dispose());
      await expect(page.locator("cairn-root")).toHaveCount(0);
    }
  }
  expect(found).toEqual([]);
  expect(errors).toEqual([]);
  const wanted = Object.keys(STATES).length * combinations.length;
  expect(proven.size).toBe(wanted);
  console.log(
    `axe: ${wanted} of ${Object.keys(STATES).length * ALL.length} combinations, each on screen; ` +
      ["target-size", "color-contrast", "button-name", "aria-dialog-name"]
        .map((rule) => `${rule} ${perRule.get(rule) ?? 0}`)
        .join(", "),
  );
  expect(await spoilt(page)).toEqual(["button-name", "color-contrast", "target-size"]);
  await context.close();
});

/** The control: which of three faults axe finds in a hint that has them. */
async function spoilt(page: Page): Promise<string[]> {
  await page.emulateMedia(SYSTEMS.light);
  await page.evaluate(() => {
    window.gallery.show(window.gallery.views.tooltip({ locale: "en" }));
  });
  await inRoot(page, ".card .title").waitFor({ state: "visible" });
  await page.evaluate(() => {
    const root = document.querySelector("cairn-root")?.shadowRoot;
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(
      ".prose{color:#bbb!important}.foot{display:grid!important;gap:0!important}.button{min-height:0;height:12px;padding:0;border:0;font-size:9px;line-height:12px}",
    );
    root?.adoptedStyleSheets.push(sheet);
    const close = root?.querySelector(".x");
    close?.removeAttribute("aria-label");
    close?.replaceChildren();
    const button = root?.querySelector(".foot .button");
    button?.after(button.cloneNode(true), button.cloneNode(true));
  });
  const { violations } = await page.evaluate(lookAt, ".card .title");
  return violations.map((one) => one.split(" ")[0] ?? "").sort();
}

/** In the page: what is to be seen, and what axe says of it. */
async function lookAt(seen: string) {
  const root = document.querySelector("cairn-root")?.shadowRoot;
  const element = root?.querySelector(seen);
  const hint = element?.closest<HTMLElement>("[data-run]");
  // Whatever moves has come to its end; a colour in between is nobody's choice.
  const moving = [...document.getAnimations(), ...(root?.getAnimations() ?? [])];
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  for (const each of moving) each.finish();
  const box = element?.getBoundingClientRect();
  const style = hint && getComputedStyle(hint);
  const here = {
    dir: hint?.dir,
    width: innerWidth,
    dark: style?.getPropertyValue("--c-scheme") === "dark",
    forced: matchMedia("(forced-colors: active)").matches,
    calm,
    moving: calm ? moving.length : 0,
    brand: style?.getPropertyValue("--c-size") === "16px",
    inView:
      !!box &&
      box.width > 0 &&
      box.height > 0 &&
      box.bottom > 0 &&
      box.top < innerHeight &&
      box.right > 0 &&
      box.left < innerWidth,
  };
  type Rules = { id: string; nodes: { target: unknown[]; failureSummary?: string }[] }[];
  const { axe } = window as unknown as {
    axe: {
      run(
        context: unknown,
        options: unknown,
      ): Promise<{ violations: Rules; incomplete: Rules; passes: Rules }>;
    };
  };
  const result = await axe.run(
    { include: ["cairn-root"] },
    {
      runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
      rules: { "target-size": { enabled: true } },
      preload: false,
    },
  );
  return {
    here,
    // A target whose size axe cannot tell is no better than one that is too small.
    violations: [...result.violations, ...result.incomplete.filter(({ id }) => id === "target-size")].map(
      (rule) => `${rule.id} ${JSON.stringify(rule.nodes.map((one) => [one.target, one.failureSummary]))}`,
    ),
    checked: result.passes.filter((rule) => rule.nodes.length > 0).map((rule) => rule.id),
  };
}
