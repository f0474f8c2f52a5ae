import { readFileSync } from "node:fs";
import { expect, type Page, test } from "@playwright/test";
import { axeProblems, dialogIsClean, tooWide } from "./axe.ts";
import { MODAL, SECRET, seedPeople, signIn } from "./people.ts";
import { HINT, TOUR } from "./sample.ts";
import { startServer, type TestServer } from "./start-server.ts";

let server: TestServer;
test.beforeAll(async () => {
  server = await startServer(SECRET);
  await seedPeople(server);
});
test.afterAll(() => server.stop());

const withKey = async (page: Page) => {
  await page.goto(`${server.url}/studio/`);
  await page.getByLabel("Secret key", { exact: true }).check();
  await page.getByRole("textbox", { name: "Secret key" }).fill(SECRET);
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Flows" })).toBeVisible();
};
const call = <T>(path: string) => server.call("GET", path) as Promise<T>;
const editor = (page: Page) => page.getByRole("textbox", { name: "Flow definition, JSON" });
const clean = async (page: Page) => {
  expect(await axeProblems(page)).toEqual([]);
  expect(await tooWide(page)).toBeLessThanOrEqual(0);
};

test("an author asks, a publisher sends it back, and after another try approves and publishes it", async ({
  browser,
}) => {
  const anna = await (await browser.newContext({ reducedMotion: "reduce" })).newPage();
  const boris = await (await browser.newContext({ reducedMotion: "reduce" })).newPage();
  await signIn(anna, server, "anna@example.com");
  await signIn(boris, server, "boris@example.com");
  const rewrite = async (title: string) => {
    await editor(anna).click();
    await anna.keyboard.press("Control+a");
    await anna.keyboard.insertText(
      JSON.stringify({ ...MODAL, steps: [{ ...MODAL.steps[0], title: { en: title } }] }),
    );
  };
  const ask = async (note: string) => {
    await anna.getByRole("button", { name: "Ask to publish…" }).click();
    await dialogIsClean(anna);
    await anna.getByLabel("Note for your colleagues").fill(note);
    await anna.getByRole("dialog").getByRole("button", { name: "Ask" }).click();
    await expect(anna.getByRole("region", { name: "Waits for a second person" })).toContainText(note);
  };
  await anna.getByRole("link", { name: "Price change" }).click();
  await rewrite("Prices rise in January");
  await ask("Sales wants it by Monday");
  await expect(anna.getByRole("button", { name: "Asked" })).toBeDisabled();

  await boris.reload();
  await boris.getByLabel("Waiting").check();
  await expect(boris.getByRole("row", { name: /Price change/ })).toContainText("Waits for approval");
  await boris.getByRole("link", { name: "Price change" }).click();
  const question = boris.getByRole("region", { name: "anna@example.com asks to publish this" });
  await expect(question).toContainText("Sales wants it by Monday");
  await expect(question).toContainText("it stops people in what they do");
  await expect(question).toContainText("Prices rise in January");
  await clean(boris);
  await question.getByRole("button", { name: "Send back…" }).click();
  await dialogIsClean(boris);
  await boris.getByLabel("Reason").fill("Say why");
  await boris.getByRole("dialog").getByRole("button", { name: "Send back" }).click();
  await expect(question).toHaveCount(0);

  await anna.reload();
  await expect(anna.getByRole("region", { name: "boris@example.com sent this back" })).toContainText(
    "Say why",
  );
  await rewrite("Prices rise, because costs did");
  await ask("With the reason");
  await boris.reload();
  await question.getByRole("button", { name: "Approve" }).click();
  await expect(boris.getByText("Approved. It can be published now.")).toBeVisible();
  await boris.getByRole("button", { name: "Publish…" }).click();
  await boris.getByRole("dialog").getByRole("button", { name: "Publish" }).click();
  await expect(boris.getByText("Published as v2")).toBeVisible();
  await expect(question).toHaveCount(0);

  // The same person is elsewhere in another environment.
  await boris.getByLabel("Environment").selectOption("staging");
  await expect(boris.getByText("No flows yet")).toBeVisible();
  await boris.reload();
  await expect(boris.getByLabel("Environment")).toHaveValue("staging");
  await boris.goto(`${server.url}/studio/settings/keys`);
  await expect(boris.getByText("Keys are for whoever runs the server.")).toBeVisible();
  for (const { page } of [{ page: anna }, { page: boris }]) await page.context().close();
});

test("what is unsaved outlives a session: signed in anew in another tab, one goes on", async ({
  browser,
}) => {
  const context = await browser.newContext();
  const page = await context.newPage();
  await signIn(page, server, "anna@example.com");
  await page.getByRole("link", { name: "First tour" }).click();
  await page.locator(".cm-line", { hasText: '"category"' }).first().click();
  await page.keyboard.press("End");
  await page.keyboard.press("Enter");
  await page.keyboard.insertText('"priority": 61,');
  await context.clearCookies();
  await page.keyboard.press("Control+s");
  await expect(page.getByRole("alert")).toContainText("in another tab");
  await signIn(await context.newPage(), server, "anna@example.com");
  await page.keyboard.press("Control+s");
  await expect(page.getByText("Draft saved")).toBeVisible();
  expect(await call(`/v1/flows/${TOUR.id}`)).toMatchObject({ priority: 61 });
  await server.call("PUT", `/v1/flows/${TOUR.id}`, TOUR);
});

test("several flows are planned as one change, and taken back; one is archived and restored", async ({
  page,
}) => {
  await page.emulateMedia({ reducedMotion: "reduce" });
  await withKey(page);
  await page.getByRole("button", { name: "Publish several…" }).click();
  const dialog = page.getByRole("dialog");
  await expect(dialog.getByLabel(/First export/)).toBeChecked();
  await expect(dialog.getByLabel(/First tour/)).not.toBeChecked();
  await dialog.getByLabel(/First tour/).check();
  await dialog.getByLabel("At a time").check();
  await expect(dialog.getByText("Your time zone, Europe/Berlin.")).toBeVisible();
  await clean(page);
  await dialog.getByLabel("Date and time").fill("2020-01-01T09:00");
  await expect(dialog.getByText("Choose a time from one minute ahead")).toBeVisible();
  await expect(dialog.getByRole("button", { name: "Plan 2 flows" })).toBeDisabled();
  const inTwoDays = new Date(Date.now() + 48 * 3_600_000).toISOString().slice(0, 10);
  await dialog.getByLabel("Date and time").fill(`${inTwoDays}T09:00`);
  await dialog.getByRole("button", { name: "Plan 2 flows" }).click();
  const plans = page.getByRole("region", { name: "Planned" });
  await expect(plans.getByRole("link", { name: "First tour" })).toBeVisible();
  const { schedules } = await call<{ schedules: { flows: string[] }[] }>("/v1/schedules");
  expect(schedules.map(({ flows }) => flows)).toEqual([[HINT.id, TOUR.id]]);
  await plans.getByRole("button", { name: /^Cancel what is planned/ }).click();
  await expect(plans).toHaveCount(0);
  expect((await call<{ schedules: unknown[] }>("/v1/schedules")).schedules).toEqual([]);

  await page.goto(`${server.url}/studio/flows/${TOUR.id}`);
  await page.getByRole("button", { name: "Archive…" }).click();
  await dialogIsClean(page);
  await page.getByRole("dialog").getByRole("button", { name: "Archive" }).click();
  await expect(page).toHaveURL(/\/studio\/$/);
  await expect(page.getByRole("row", { name: /First tour/ })).toHaveCount(0);
  await page.getByLabel("Archived").check();
  await page.getByRole("link", { name: "First tour" }).click();
  await page.getByRole("button", { name: "Restore" }).click();
  await expect(page.getByText("This flow is archived")).toHaveCount(0);
  expect((await call<{ flows: { id: string }[] }>("/v1/flows")).flows.map(({ id }) => id)).toContain(TOUR.id);
});

test("a key is shown once and revoked; somebody is let in; the log tells of both", async ({ page }) => {
  await page.emulateMedia({ reducedMotion: "reduce" });
  await withKey(page);
  await page.getByRole("link", { name: "Settings" }).click();
  await page.getByRole("button", { name: "New key…" }).first().click();
  const dialog = page.getByRole("dialog");
  await clean(page);
  await dialog.getByRole("button", { name: "Make key" }).click();
  await dialog.getByRole("button", { name: "I have copied it" }).click();
  const { keys } = await call<{ keys: { name: string; scopes: string[]; expiresAt: string }[] }>("/v1/keys");
  expect(keys.at(-1)?.scopes).toEqual(["definitions:read", "definitions:write", "publish", "reports:read"]);
  expect(Math.round((Date.parse(keys.at(-1)?.expiresAt ?? "") - Date.now()) / 86_400_000)).toBe(365);
  await page.getByRole("button", { name: "New key…" }).first().click();
  await dialog.getByLabel("Public").check();
  await dialog.getByLabel("Name").fill("Shop pages");
  await dialog.getByLabel("Pages that may use it").fill("shop.example.com");
  await expect(dialog.getByText('"shop.example.com" is not an origin.', { exact: false })).toBeVisible();
  await dialogIsClean(page);
  await dialog.getByLabel("Pages that may use it").fill("https://shop.example.com");
  await dialog.getByRole("button", { name: "Make key" }).click();
  const key = await dialog.getByRole("textbox", { name: "Copy the key now" }).inputValue();
  expect(key).toMatch(/^pk_/);
  await dialogIsClean(page);
  await page.keyboard.press("Escape");
  await expect(dialog).toBeVisible();
  await dialog.getByRole("button", { name: "I have copied it" }).click();
  const works = async () =>
    (await fetch(`${server.url}/v1/config?key=${key}`, { headers: { origin: "https://shop.example.com" } }))
      .status;
  expect(await works()).toBe(200);
  const row = page.getByRole("row", { name: /Shop pages/ });
  await expect(row).toContainText("shop.example.com");
  await page.getByRole("button", { name: "Revoke Shop pages" }).click();
  await dialogIsClean(page);
  await page.getByRole("dialog").getByRole("button", { name: "Revoke key" }).click();
  await expect(row).toHaveCount(0);
  expect(await works()).toBe(401);
  await page.getByRole("button", { name: "New secret…" }).click();
  await dialogIsClean(page);
  await dialog.getByRole("button", { name: "Make secret" }).click();
  await expect(dialog.getByRole("textbox", { name: "Copy the secret now" })).not.toHaveValue("");
  await dialogIsClean(page);
  await dialog.getByRole("button", { name: "I have copied it" }).click();
  await clean(page);
  await page.getByRole("button", { name: /^Remove / }).click();
  await dialogIsClean(page);
  await dialog.getByRole("button", { name: "Remove" }).click();
  await expect(page.getByRole("button", { name: /^Remove / })).toHaveCount(0);

  await page.getByRole("link", { name: "Team" }).click();
  await expect(page.getByRole("row", { name: /Boris/ })).toContainText("Publisher");
  await page.getByRole("button", { name: "Add person…" }).click();
  await dialog.getByLabel("E-mail address").fill("clara@example.com");
  await dialog.getByLabel("Name").fill("Clara");
  await dialog.getByLabel(/^Publisher/).check();
  await dialog.getByRole("button", { name: "Suggest one" }).click();
  await dialogIsClean(page);
  await dialog.getByRole("button", { name: "Add person" }).click();
  await expect(page.getByRole("row", { name: /Clara/ })).toContainText("Publisher");
  await clean(page);
  await page.getByRole("button", { name: "Change Clara" }).click();
  await dialog.getByLabel("Name").fill("Clara B.");
  await dialogIsClean(page);
  await dialog.getByRole("button", { name: "Save" }).click();
  await page.getByRole("button", { name: "Remove Clara B." }).click();
  await dialogIsClean(page);
  await page.getByRole("dialog").getByRole("button", { name: "Remove person" }).click();
  await expect(page.getByRole("row", { name: /Clara/ })).toHaveCount(0);

  await page.getByRole("link", { name: "Audit log" }).click();
  await expect(page.getByRole("row", { name: /made keys\/.* public Shop pages/ })).toBeVisible();
  await page
    .getByRole("button", { name: `flows/${HINT.id}` })
    .first()
    .click();
  await expect(page.getByRole("row", { name: /keys\// })).toHaveCount(0);
  await page.getByLabel("The whole server").check();
  await expect(page.getByRole("row", { name: /deleted people\/clara@example.com/ })).toBeVisible();
  await clean(page);
});

test("each report can be saved as CSV", async ({ page }) => {
  await withKey(page);
  const save = async (path: string) => {
    await page.goto(server.url + path);
    const download = page.waitForEvent("download");
    await page.getByRole("button", { name: "Download CSV" }).first().click();
    const file = await download;
    return { name: file.suggestedFilename(), text: readFileSync(await file.path(), "utf8") };
  };
  const activation = await save("/studio/activation");
  expect(activation.name).toBe("activation.csv");
  expect(activation.text).toMatch(/^feature,[^\n]+\r\nreport-export,/);
  expect((await save(`/studio/funnels?flow=${HINT.id}`)).name).toBe(`funnel-${HINT.id}.csv`);
  expect((await save("/studio/people?user=user-1")).name).toBe("decisions-user-1.csv");
});

for (const width of process.env.CAIRN_SOAK === "1" ? [320, 1440] : [320])
  test(`axe finds nothing on the settings pages in Russian and dark, ${width} px`, async ({ page }) => {
    await page.setViewportSize({ width, height: 800 });
    await page.emulateMedia({ colorScheme: "dark", reducedMotion: "reduce" });
    await withKey(page);
    await page.evaluate(() =>
      localStorage.setItem("cairn.studio.preferences", JSON.stringify({ language: "ru" })),
    );
    let checked = 0;
    for (const [part, ready] of [
      ["keys", "Токены пользователей"],
      ["team", "Борис|boris@example.com"],
      ["audit", "опубликовал"],
    ] as const) {
      await page.goto(`${server.url}/studio/settings/${part}`);
      await expect(page.getByRole("main").getByText(new RegExp(ready)).first()).toBeVisible();
      await clean(page);
      checked += 1;
    }
    expect(checked).toBe(3);
    // Longer than the window: its buttons stay in sight, and what is focused is not under them.
    await page.goto(`${server.url}/studio/settings/keys`);
    await page.getByRole("button", { name: "Новый ключ…" }).first().click();
    const submit = page.getByRole("dialog").getByRole("button", { name: "Создать ключ" });
    await expect(submit).toBeInViewport({ ratio: 1 });
    await dialogIsClean(page);
    const last = page.getByRole("dialog").getByRole("combobox");
    await last.focus();
    const [field, button] = [await last.boundingBox(), await submit.boundingBox()];
    expect((field?.y ?? 0) + (field?.height ?? 0)).toBeLessThanOrEqual(button?.y ?? 0);
  });
