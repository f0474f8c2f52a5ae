import { expect, type Page, test } from "@playwright/test";
import { axeProblems, dialogIsClean, tooWide } from "./axe.ts";
import { HINT, seed, TOUR } from "./sample.ts";
import { startServer, type TestServer } from "./start-server.ts";

const violations: string[] = [];
let server: TestServer;

test.beforeAll(async () => {
  server = await startServer();
  await seed(server, Date.now());
});
test.afterAll(() => server.stop());
test.beforeEach(async ({ page }) => {
  violations.length = 0;
  await page.exposeFunction("reportViolation", (text: string) => violations.push(text));
  await page.addInitScript(() => {
    document.addEventListener("securitypolicyviolation", (event) => {
      const { reportViolation } = window as unknown as { reportViolation(text: string): void };
      reportViolation(`${event.violatedDirective} ${event.blockedURI} ${event.sample}`);
    });
  });
  page.on("pageerror", (error) => violations.push(`error: ${error.message}`));
});
test.afterEach(() => expect(violations, "errors and broken Content-Security-Policy").toEqual([]));

const editor = (page: Page) => page.getByRole("textbox", { name: "Flow definition, JSON" });
const openFlow = async (page: Page, id: string) => {
  await page.goto(`${server.url}/studio/flows/${id}`);
  await expect(editor(page)).toBeVisible();
  await expect(page.getByText("No problems found")).toBeVisible();
};
/** Puts the cursor at the end of the line that contains the text. */
const goToLine = async (page: Page, text: string) => {
  await page.locator(".cm-line", { hasText: text }).first().click();
  await page.keyboard.press("End");
};
const publish = async (page: Page, note: string) => {
  await page.getByRole("button", { name: "Publish…" }).click();
  await page.getByLabel("Note for your colleagues").fill(note);
  await page.getByRole("button", { name: "Publish", exact: true }).click();
};
const live = async (id: string) => {
  const { flows } = (await (await fetch(`${server.url}/v1/config?key=pk_demo`)).json()) as {
    flows: { id: string; steps: { title: { en: string } }[]; priority?: number }[];
  };
  return flows.find((flow) => flow.id === id);
};

test("lists the flows with their state, finds one, and starts a new one from a template", async ({
  page,
}) => {
  await page.goto(`${server.url}/studio/`);
  const row = page.getByRole("row", { name: /First export/ });
  await expect(row).toContainText("Published v1");
  await expect(row).toContainText("onboarding");
  await page.getByRole("searchbox").fill("growth");
  await expect(page.getByRole("row", { name: /First tour/ })).toContainText("40");
  await expect(row).toHaveCount(0);
  await page.getByRole("button", { name: "New flow" }).click();
  await page.getByLabel("Name", { exact: true }).fill("Weekly digest");
  await page.getByLabel("Tour: a few steps in a row").check();
  await page.getByRole("button", { name: "Create draft" }).click();
  await expect(page).toHaveURL(/\/studio\/flows\/weekly-digest$/);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Weekly digest");
  await expect(page.getByText("Draft, never published")).toBeVisible();
});

test("completes fields from the schema and names from what really arrived", async ({ page }) => {
  await openFlow(page, HINT.id);
  await goToLine(page, '"category"');
  await page.keyboard.press("Enter");
  await page.keyboard.type('"pati');
  const list = page.getByRole("listbox");
  await list.getByRole("option", { name: /^patience/ }).click();
  await page.keyboard.type('"45m');
  await page.keyboard.press("Escape");
  await expect(page.getByText("No problems found")).toBeVisible();
  await expect(editor(page)).toContainText('"patience": "45m",');

  await page.locator(".cm-line", { hasText: "report.viewed" }).getByText('"report.viewed"').dblclick();
  await page.keyboard.press("Control+Space");
  await expect(list.getByRole("option", { name: /^report\.exported/ })).toContainText("arrived");
});

test("shows a problem in its place, says what to write, and refuses to publish it", async ({ page }) => {
  await openFlow(page, HINT.id);
  const sentence = page.locator("[data-reads]");
  await expect(sentence).toContainText("report viewed");
  await goToLine(page, '"category"');
  await page.keyboard.press("Enter");
  await page.keyboard.insertText('"patience": "30 minutes",');
  const problem = page.getByRole("listitem").filter({ hasText: "/patience" });
  await expect(problem).toContainText("is not a duration");
  await expect(problem).toContainText("30m");
  await expect(page.locator(".cm-lintRange-error")).toHaveText('"30 minutes"');
  await expect(page.getByRole("button", { name: "Publish…" })).toBeDisabled();
  await expect(sentence).toHaveClass(/stale/);
  await problem.getByRole("button").click();
  await expect(editor(page)).toBeFocused();
});

test("says that a text is no JSON where one saves it, not that the server is away", async ({ page }) => {
  await openFlow(page, TOUR.id);
  await goToLine(page, '"category"');
  await page.keyboard.press("Enter");
  await page.keyboard.insertText('"priority": ,');
  await page.keyboard.press("Control+s");
  await expect(page.getByRole("alert")).toContainText("Mend the problems first");
});

test("reads the flow back in both languages and previews it with the SDK's own UI", async ({ page }) => {
  await openFlow(page, TOUR.id);
  const sentence = page.locator("[data-reads]");
  await page.getByLabel("RU", { exact: true }).check();
  await expect(sentence).toContainText("«First tour»");
  const hint = page.frameLocator("iframe").getByRole("dialog");
  await expect(hint).toContainText("Шаг one");
  await page.locator(".cm-line", { hasText: "Step two" }).first().click();
  await expect(hint).toContainText("Шаг two");
  await hint.getByRole("button", { name: "Дальше" }).click();
  await expect(hint).toContainText("Шаг three");
});

test("previews each kind of window, and leaves the caret where the author types", async ({ page }) => {
  await openFlow(page, HINT.id);
  await goToLine(page, '"category"');
  const frame = page.frameLocator("iframe");
  for (const kind of ["banner", "slideout", "modal"]) {
    const [{ target: _, ...step }] = HINT.steps as [Partial<(typeof HINT.steps)[0]>];
    await page.keyboard.press("Control+a");
    await page.keyboard.insertText(JSON.stringify({ ...HINT, kind, steps: [step] }));
    await expect(frame.locator(`cairn-root .${kind}`)).toContainText("Take this report with you");
    await expect(editor(page)).toBeFocused();
    await page.keyboard.insertText(" ");
  }
  await frame.getByRole("button", { name: "Got it" }).click();
  await expect(frame.locator("cairn-root")).toHaveCount(0);
});

test("leaves the page where the author scrolled it, where the preview stands below the editor", async ({
  page,
}) => {
  await page.setViewportSize({ width: 768, height: 700 });
  await openFlow(page, TOUR.id);
  const frame = page.frameLocator("iframe");
  const scrolled = () => page.evaluate(() => scrollY);
  // Drawn, though out of sight.
  const hint = frame.getByRole("dialog", { includeHidden: true });
  await expect(hint).toContainText("Step one");
  expect(await scrolled()).toBe(0);
  await page.locator(".cm-line", { hasText: "Step one" }).first().getByText("Step one").dblclick();
  const before = await scrolled();
  await page.keyboard.type("anew");
  await expect(hint).toContainText("anew");
  expect(await scrolled()).toBe(before);
  await page.locator("iframe").scrollIntoViewIfNeeded();
  await expect(hint).toBeVisible();
});

test("saves, publishes with a note, shows a version, and rolls back", async ({ page }) => {
  await openFlow(page, HINT.id);
  await page
    .locator(".cm-line", { hasText: "Take this report" })
    .getByText("Take this report", { exact: false })
    .click();
  await page.keyboard.press("Control+a");
  await page.keyboard.insertText(
    JSON.stringify({ ...HINT, steps: [{ ...HINT.steps[0], title: { en: "Export keeps your filter" } }] }),
  );
  await expect(page.getByText("Unsaved changes")).toBeVisible();
  await page.getByRole("button", { name: "Format" }).click();
  await page.keyboard.press("Control+s");
  await expect(page.getByText("Draft saved")).toBeVisible();
  expect((await live(HINT.id))?.steps[0]?.title.en).toBe("Take this report with you");

  await page.getByRole("button", { name: "Publish…" }).click();
  const dialog = page.getByRole("dialog", { name: "Publish this flow?" });
  await expect(dialog).toContainText("steps › export › title › en");
  await expect(dialog).toContainText("Export keeps your filter");
  await dialogIsClean(page);
  await page.keyboard.press("Escape");
  await expect(page.getByRole("button", { name: "Publish…" })).toBeFocused();
  await publish(page, "Shorter");
  await expect(page.getByText("Published v2")).toBeVisible();
  await expect(page.getByText("Shorter")).toBeVisible();
  expect((await live(HINT.id))?.steps[0]?.title.en).toBe("Export keeps your filter");

  await goToLine(page, '"category"');
  await page.keyboard.press("Enter");
  await page.keyboard.insertText('"priority": 61,');
  await page.getByRole("button", { name: "View v1" }).click();
  await expect(page.getByText("You are looking at v1, read-only.")).toBeVisible();
  await expect(editor(page)).toContainText("Take this report with you");
  await page.getByRole("button", { name: "Back to the draft" }).click();
  // Undo takes back what was written, not what was looked at.
  await editor(page).focus();
  await page.keyboard.press("Control+z");
  await expect(page.getByText("Saved", { exact: true })).toBeVisible();
  await expect(editor(page)).toContainText("Export keeps your filter");
  await page.getByRole("button", { name: "Roll back to v1" }).click();
  await dialogIsClean(page);
  await page.getByRole("button", { name: "Roll back", exact: true }).click();
  await expect(page.getByText("v1 is live again as v3")).toBeVisible();
  expect((await live(HINT.id))?.steps[0]?.title.en).toBe("Take this report with you");
});

test("keeps what is unsaved: asks before it is left, and lets the author choose in a conflict", async ({
  page,
}) => {
  await openFlow(page, HINT.id);
  await goToLine(page, '"category"');
  await page.keyboard.press("Enter");
  await page.keyboard.insertText('"priority": 61,');
  await page.getByRole("link", { name: "Funnels" }).click();
  await expect(page.getByRole("dialog", { name: "Leave without saving?" })).toBeVisible();
  await dialogIsClean(page);
  await page.getByRole("button", { name: "Stay" }).click();
  await expect(page).toHaveURL(/flows\/first-export$/);

  await server.call("PUT", `/v1/flows/${HINT.id}`, { ...HINT, priority: 20 });
  await page.getByRole("button", { name: "Save draft" }).click();
  await expect(page.getByRole("dialog", { name: /Someone saved this flow/ })).toBeVisible();
  await dialogIsClean(page);
  await page.getByRole("button", { name: "Load theirs" }).click();
  await expect(editor(page)).toContainText('"priority": 20');
  await expect(page.getByText("Saved", { exact: true })).toBeVisible();
});

test("stops all guidance with one switch, says so, and resumes", async ({ page }) => {
  const enabled = async () =>
    (
      (await (await fetch(`${server.url}/v1/config?key=pk_demo`)).json()) as {
        settings: { enabled?: boolean };
      }
    ).settings.enabled ?? true;
  await page.goto(`${server.url}/studio/`);
  await page.getByRole("button", { name: "Stop all guidance" }).click();
  await dialogIsClean(page);
  await page.getByRole("dialog").getByRole("button", { name: "Stop all guidance" }).click();
  await expect(page.getByText("All guidance is stopped.")).toBeVisible();
  expect(await enabled()).toBe(false);
  await page.reload();
  await page.getByRole("button", { name: "Resume guidance" }).click();
  await dialogIsClean(page);
  await page.getByRole("dialog").getByRole("button", { name: "Resume guidance" }).click();
  await expect(page.getByText("All guidance is stopped.")).toHaveCount(0);
  expect(await enabled()).toBe(true);
});

test("has the switch within reach even where the settings could not be read", async ({ page }) => {
  await page.route("**/v1/settings", (route) => route.abort(), { times: 1 });
  await page.goto(`${server.url}/studio/activation`);
  await expect(page.getByText("Export a report").first()).toBeVisible();
  await page.getByRole("button", { name: "Stop all guidance" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Stop all guidance" }).click();
  await expect(page.getByText("All guidance is stopped.")).toBeVisible();
  await page.getByRole("button", { name: "Resume guidance" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Resume guidance" }).click();
  await expect(page.getByText("All guidance is stopped.")).toHaveCount(0);
});

test("breaks names and ids that have no space in them, at every width", async ({ page }) => {
  const id = "no-space";
  await server.call("PUT", `/v1/flows/${id}`, { ...HINT, id, name: "Überweisungsbeleg".repeat(11) });
  const person = "user".repeat(64);
  for (const width of [1280, 768, 390]) {
    await page.setViewportSize({ width, height: 844 });
    await openFlow(page, id);
    expect(await tooWide(page), "one flow").toBeLessThanOrEqual(0);
    await page.goto(`${server.url}/studio/`);
    await expect(page.getByText(id)).toBeVisible();
    expect(await tooWide(page), "all flows").toBeLessThanOrEqual(0);
    await page.goto(`${server.url}/studio/people?user=${person}`);
    await expect(page.getByRole("heading", { name: person })).toBeVisible();
    expect(await tooWide(page), "one person").toBeLessThanOrEqual(0);
  }
  await server.call("POST", `/v1/flows/${id}/archive`);
});

test("reports activation over weeks as chart and table", async ({ page }) => {
  await page.goto(`${server.url}/studio/activation`);
  await expect(page.getByRole("img", { name: /states at the end of each week/ })).toBeVisible();
  const row = page.getByRole("row", { name: /Export a report/ });
  await expect(row).toContainText("50%");
  await expect(row).toContainText("40 users");
  await expect(page.getByRole("table", { name: /week by week/ }).getByRole("row")).not.toHaveCount(0);
  await expect(page.getByText("20 of 40")).toBeVisible();
});

test("reports how far accounts have taken the product up, now and by week", async ({ page }) => {
  await page.goto(`${server.url}/studio/activation`);
  const accounts = page.getByRole("region", { name: "Accounts", exact: true });
  // Half of them have activated the one feature, each has one of two seats in use, and uses it every week.
  await expect(accounts.getByRole("row", { name: /Depth/ }).first()).toContainText("50%");
  await expect(accounts.getByRole("row", { name: /Breadth/ }).first()).toContainText("50%");
  await expect(accounts.getByRole("row", { name: /Frequency/ }).first()).toContainText("Cannot tell yet");
  const weeks = accounts.getByRole("table", { name: "Half of the accounts reach" });
  await expect(weeks.getByRole("row").nth(1)).toContainText("50%");
});

test("reports a flow's funnel step by step, with the reasons it was held", async ({ page }) => {
  await page.goto(`${server.url}/studio/funnels?flow=${TOUR.id}`);
  const steps = page.getByRole("region", { name: "Steps" }).getByRole("listitem");
  await expect(steps).toHaveCount(3);
  await expect(steps.nth(1)).toContainText("30 users");
  await expect(steps.nth(1)).toContainText("75%");
  await expect(steps.nth(2)).toContainText("20 users");
  await expect(page.getByRole("region", { name: "Why it was held" })).toContainText("The person was busy");
  await expect(page.getByText("Counts what happens within 2 days of the first step.")).toBeVisible();
  const weeks = page.getByRole("region", { name: "Decisions by week" });
  await expect(weeks.getByRole("row", { name: /The person was busy/ })).toContainText("5 users");
});

test("tells of one person why they saw a flow, or did not", async ({ page }) => {
  await page.goto(`${server.url}/studio/people`);
  await page.getByRole("searchbox", { name: "User id" }).fill("user-3");
  await page.getByRole("button", { name: "Show", exact: true }).click();
  const decisions = page.getByRole("region", { name: "user-3" });
  await expect(decisions.getByRole("row", { name: /Held/ })).toContainText("The person was busy");
  await expect(decisions.getByRole("row", { name: /Shown/ })).toContainText("First tour");
  await decisions.getByLabel("Outcome").selectOption("shown");
  await expect(decisions.getByRole("row", { name: /Held/ })).toHaveCount(0);
  await expect(page).toHaveURL(/outcome=shown/);
});

const PAGES = [
  { path: "/studio/", ready: "First tour" },
  { path: `/studio/flows/${TOUR.id}`, ready: "first-tour" },
  { path: "/studio/activation", ready: "Export a report" },
  { path: `/studio/funnels?flow=${TOUR.id}`, ready: "Step two" },
  { path: "/studio/people?user=user-3", ready: "user-3" },
];
const LOOKS = [
  { colorScheme: "light", language: "en", width: 1440, height: 900 },
  { colorScheme: "light", language: "ru", width: 768, height: 1024 },
  { colorScheme: "dark", language: "ru", width: 390, height: 844 },
] as const;
for (const look of LOOKS)
  test(`axe finds nothing: ${look.colorScheme}, ${look.language}, ${look.width} px`, async ({ page }) => {
    await page.setViewportSize(look);
    await page.emulateMedia({ colorScheme: look.colorScheme, reducedMotion: "reduce" });
    await page.addInitScript(
      (language) => localStorage.setItem("cairn.studio.preferences", JSON.stringify({ language })),
      look.language,
    );
    let checked = 0;
    for (const { path, ready } of PAGES) {
      await page.goto(server.url + path);
      await expect(page.getByRole("main").getByText(ready).first()).toBeVisible();
      await expect(page.locator(".bones")).toHaveCount(0);
      expect(await axeProblems(page), path).toEqual([]);
      expect(await tooWide(page), `${path} is wider than the window`).toBeLessThanOrEqual(0);
      checked += 1;
    }
    expect(checked).toBe(5);
  });

test("axe finds nothing in a dialog and in the menu", async ({ page }) => {
  await page.emulateMedia({ reducedMotion: "reduce" });
  await page.goto(`${server.url}/studio/`);
  await page.getByRole("button", { name: "New flow" }).click();
  await dialogIsClean(page);
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: "Language, appearance and sign out" }).click();
  expect(await axeProblems(page)).toEqual([]);
});
