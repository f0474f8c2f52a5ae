import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "@playwright/test";
import { startProduct } from "./start-product.ts";

const PAGES = ["README.md", "docs/getting-started.md"];

/** The code blocks of one language in a page, list indentation taken off. */
function blocks(page: string, language: string): string[] {
  const text = readFileSync(join(import.meta.dirname, "../../../..", page), "utf8");
  return [...text.matchAll(new RegExp(`^( *)\`\`\`${language}\\n([\\s\\S]*?)^ *\`\`\`$`, "gm"))].map(
    ([, indent = "", code = ""]) => code.replaceAll(new RegExp(`^${indent}`, "gm"), ""),
  );
}

for (const source of PAGES) {
  test(`${source} leads to a first hint on the reader's own page`, async ({ page }) => {
    const product = await startProduct();
    const here = (text: string) => text.replaceAll("http://localhost:8787", product.url);

    const folder = mkdtempSync(join(tmpdir(), "cairn-readme-"));
    const [definition = ""] = blocks(source, "json");
    const curl = blocks(source, "sh").filter((code) => code.includes("curl"));
    expect(curl.length, "the page publishes with curl").toBeGreaterThan(0);
    writeFileSync(join(folder, "my-first-hint.json"), definition);
    for (const code of curl) execFileSync("sh", ["-ec", here(code)], { cwd: folder, stdio: "pipe" });
    const published = await (await fetch(`${product.url}/v1/config?key=pk_demo`)).json();
    expect(published.flows.map(({ id }: { id: string }) => id)).toContain("my-first-hint");

    // Another origin, as the reader's own page has.
    const html = `<!doctype html><title>Mine</title>${here(blocks(source, "html").join("\n"))}`;
    const host = createServer((_, answer) => answer.setHeader("Content-Type", "text/html").end(html));
    await new Promise<void>((resolve) => host.listen(0, "127.0.0.1", resolve));
    const address = host.address();
    await page.goto(`http://localhost:${typeof address === "object" ? address?.port : ""}/`);
    await page.waitForFunction(() => "cairn" in window);
    const [calls = "", ...later] = blocks(source, "js");
    await page.evaluate(calls);

    const { title } = JSON.parse(definition).steps[0];
    await expect(page.getByRole("dialog", { name: title.en ?? title })).toBeVisible({ timeout: 20_000 });
    for (const code of later) await page.evaluate(`(async () => {${code}})()`);
    host.close();
    expect(await product.stop()).toBe(0);
  });
}
