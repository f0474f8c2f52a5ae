import { expect, test } from "@playwright/test";
import { FLOW_KINDS } from "../../../flow-schema/src/flow.ts";
import { kindOf, payloadFlow, payloadTarget } from "../content/flows.ts";
import { payloads } from "../content/payloads.ts";
import { openSdkPage } from "../content/sdk-page.ts";

const FULL = process.env.CAIRN_SOAK === "1";
/** Every kind for each payload in full; else one kind each, in turn. */
const ROUNDS = FULL ? FLOW_KINDS.length : 1;
/** One of three in `npm test`. */
const used = payloads.filter((_, i) => FULL || i % 3 === 0);
const BATCH = 60;

// Round by round the payloads move on to the next kind; rounds run side by side.
for (let round = 0; round < ROUNDS; round++)
  test(`a payload in any text, address, token or selector is shown as it stands or not at all, and never runs${FULL ? `, round ${round + 1}` : ""}`, async ({
    page,
  }) => {
    test.setTimeout(FULL ? 1_800_000 : 240_000);
    expect(used.length).toBeGreaterThan(FULL ? 900 : 300);
    const strayed = await openSdkPage(page);
    let shown = 0;
    let nodes = 0;
    for (let from = 0; from < used.length; from += BATCH) {
      const batch = used.slice(from, from + BATCH);
      const flows = batch.flatMap((payload, i) => [
        payloadFlow(`p${i}`, kindOf(from + i + round), payload),
        payloadTarget(`t${i}`, payload),
      ]);
      const found = await page.evaluate(showAll, { flows, count: batch.length, traits: batch });
      expect(found.forbidden, `payloads from ${from}`).toEqual([]);
      shown += found.shown;
      nodes += found.nodes;
      expect(found.missed, `not shown of the payloads from ${from}`).toEqual([]);
    }
    expect(await page.evaluate(() => window.mishaps)).toEqual([]);
    // Pictures may come from anywhere that is a web address; what else would leave the page is not asked for.
    expect(strayed.filter((url) => !isPicture(url))).toEqual([]);
    expect(shown).toBe(used.length);
    console.log(
      `${used.length} of ${payloads.length} payloads, ${shown} hints shown, ${nodes} nodes looked at, ${strayed.length} pictures`,
    );
  });

const isPicture = (url: string) => /^https?:/.test(url);

/** In the page: shows each flow, looks at every node of it, presses what can be pressed, and takes it away. */
async function showAll({
  flows,
  count,
  traits,
}: {
  flows: object[];
  count: number;
  traits: string[];
}): Promise<{ shown: number; nodes: number; forbidden: string[]; missed: string[] }> {
  const TAGS =
    /^(script|iframe|frame|object|embed|applet|base|link|meta|style|form|portal|template|foreignobject|use)$/i;
  const forbidden: string[] = [];
  let nodes = 0;
  let shown = 0;
  const missed: string[] = [];
  const tick = () => new Promise((done) => setTimeout(done));
  const until = async (holds: () => boolean) => {
    for (const end = performance.now() + 10_000; performance.now() < end && !holds(); ) await tick();
  };
  const cairn = window.createCairn({
    config: { schemaVersion: 1, environment: "x", flows, settings: { budget: null } } as never,
  });
  cairn.on("navigate", () => true);
  cairn.on("contact", () => true);
  const root = () => document.querySelector("cairn-root")?.shadowRoot;
  const look = (tree: ParentNode) => {
    for (const node of tree.querySelectorAll("*")) {
      nodes++;
      if (TAGS.test(node.tagName)) forbidden.push(node.outerHTML);
      for (const { name, value } of node.attributes) {
        const isAddress = /^(href|src|poster|action|formaction|data|xlink:href|srcset|background)$/i.test(
          name,
        );
        if (/^on|^srcdoc$/i.test(name)) forbidden.push(`${name}=${value}`);
        // What the browser makes of it counts, not how it is spelt.
        if (isAddress && !/^(https?|mailto|tel):$/.test(new URL(value, location.href).protocol))
          forbidden.push(`${name}=${value}`);
        if (name === "style" && /url\(|image-set\(|expression\(|@import/i.test(value)) forbidden.push(value);
      }
      if (node.shadowRoot) look(node.shadowRoot);
    }
  };
  for (let i = 0; i < count; i++) {
    cairn.identify("somebody", { name: traits[i], [traits[i] ?? ""]: traits[i] });
    cairn.track(traits[i] ?? "", { [traits[i] ?? ""]: traits[i] });
    cairn.start(`t${i}`);
    cairn.start(`p${i}`, { force: true });
    const drawn = () => root()?.querySelector(`[data-run$=".p${i}"]`);
    await until(() => !!drawn());
    if (drawn()) shown++;
    else missed.push(`${traits[i]}: ${JSON.stringify(cairn.decisions().at(-1))}`);
    const tree = root();
    if (tree) look(tree);
    for (const button of tree?.querySelectorAll<HTMLElement>("button, a, summary") ?? []) {
      button.dispatchEvent(new MouseEvent("mouseover", { bubbles: true, composed: true }));
      if (!button.matches("[data-do=close]")) button.click();
    }
    await tick();
    const after = root();
    if (after) look(after);
    cairn.stop();
    await until(() => !drawn());
    if (drawn()) missed.push(`stays: ${traits[i]}`);
    // Cairn's own card, with a text that could not be copied, is no flow.
    root()?.querySelector<HTMLElement>("[data-run=cairn] [data-do=close]")?.click();
  }
  cairn.destroy();
  return { shown, nodes, forbidden, missed };
}
