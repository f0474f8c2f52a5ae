import { mkdir, readdir, rm, stat, writeFile } from "node:fs/promises";
import { chromium as browserType, type Page } from "@playwright/test";
// @ts-expect-error: a plain script of the gallery
import { serveGallery } from "../../../examples/gallery/serve.mjs";
import { chromium } from "../../../scripts/chromium.ts";
import { click, PRESS, STATES } from "../test/browser/states.ts";

/**
 * `pnpm --filter @cairn/sdk run sheet`: one picture of each state that a hint can be in, light and dark, left to right
 * and right to left, on a desktop and on a telephone, into docs/images/sheet. To be looked at; no test compares them.
 */
const OUT = new URL("../../../docs/images/sheet/", import.meta.url);
const SIZES = { desktop: { width: 680, height: 540 }, phone: { width: 320, height: 540 } };
const DIRECTIONS = { en: "left to right", ar: "right to left" } as const;
const SCHEMES = ["light", "dark"] as const;
/** Of the pixels on screen, so that the pictures stay small. */
const SCALE = 0.75;
/** All pictures together, bytes. */
const MOST = 1_500_000;

async function shoot(page: Page, state: string, locale: keyof typeof DIRECTIONS): Promise<string> {
  const { show, seen } = STATES[state] ?? {};
  if (!show || !seen) throw new Error(`no state ${state}`);
  await page.evaluate((tag) => window.gallery.ui.setLocale(tag), locale);
  await page.evaluate(show, { locale });
  await page.locator("cairn-root [data-run]").first().waitFor({ state: "attached" });
  const press = PRESS[state];
  if (press !== undefined) await page.evaluate(click, press);
  await page.locator(`cairn-root ${seen}`).first().waitFor({ state: "visible" });
  await page.evaluate(async () => {
    const root = document.querySelector("cairn-root")?.shadowRoot;
    const images = [...(root?.querySelectorAll("img") ?? [])];
    await Promise.all(images.map((image) => image.decode().catch(() => {})));
  });
  const picture = await page.screenshot();
  await page.evaluate(() => window.gallery.ui.dispose());
  await page.evaluate(() => scrollTo(0, 0));
  return `data:image/png;base64,${picture.toString("base64")}`;
}

/** Puts pictures side by side: a row for each direction. */
async function compose(page: Page, title: string, rows: readonly (readonly string[])[]): Promise<Buffer> {
  const figures = rows.map((row) => `<div>${row.map((src) => `<img src="${src}">`).join("")}</div>`).join("");
  await page.setContent(
    `<!doctype html><style>body{margin:0;padding:16px;background:#8a8f98;font:600 20px system-ui;color:#fff;width:fit-content}
    div{display:flex;gap:12px;margin-top:12px}img{zoom:${SCALE};border-radius:8px}</style><body>${title}${figures}`,
  );
  await page.evaluate(() => Promise.all([...document.images].map((image) => image.decode())));
  const box = await page.locator("body").boundingBox();
  if (!box) throw new Error("nothing to look at");
  const session = await page.context().newCDPSession(page);
  const { data } = await session.send("Page.captureScreenshot", {
    format: "webp",
    quality: 70,
    captureBeyondViewport: true,
    clip: { ...box, scale: 1 },
  });
  await session.detach();
  return Buffer.from(data, "base64");
}

const { url, close } = await serveGallery();
const browser = await browserType.launch(chromium);
try {
  await mkdir(OUT, { recursive: true });
  for (const old of await readdir(OUT)) await rm(new URL(old, OUT));
  const looks: { readonly page: Page; readonly locale: keyof typeof DIRECTIONS }[] = [];
  for (const locale of Object.keys(DIRECTIONS) as (keyof typeof DIRECTIONS)[])
    for (const viewport of Object.values(SIZES))
      for (const colorScheme of SCHEMES) {
        const page = await browser.newPage({ viewport, colorScheme, reducedMotion: "reduce" });
        await page.goto(`${url}?bare`);
        looks.push({ page, locale });
      }
  const table = await browser.newPage({ viewport: { width: 1600, height: 1000 } });
  const lines = [
    "<!-- Made by `pnpm --filter @cairn/sdk run sheet`. -->",
    "# What hints look like",
    "",
    "Each state, from left to right: desktop in light and dark, telephone in light and dark; above from left to right, below from right to left. The theme is the default one. Made anew by `pnpm --filter @cairn/sdk run sheet`, to be looked at by people; no test compares pictures.",
  ];
  let bytes = 0;
  for (const state of Object.keys(STATES)) {
    const shots: string[] = [];
    for (const { page, locale } of looks) shots.push(await shoot(page, state, locale));
    const half = shots.length / 2;
    const picture = await compose(table, state, [shots.slice(0, half), shots.slice(half)]);
    const file = `${state.replaceAll(/[^a-z]+/g, "-")}.webp`;
    await writeFile(new URL(file, OUT), picture);
    bytes += (await stat(new URL(file, OUT))).size;
    lines.push("", `## ${state.charAt(0).toUpperCase()}${state.slice(1)}`, "", `![${state}](${file})`);
  }
  await writeFile(new URL("README.md", OUT), `${lines.join("\n")}\n`);
  process.stdout.write(
    `${Object.keys(STATES).length} states, ${looks.length} looks each, ${Math.round(bytes / 1000)} kB\n`,
  );
  if (bytes > MOST) throw new Error(`more than ${MOST / 1000} kB`);
} finally {
  await browser.close();
  close();
}
