import type { Page } from "@playwright/test";
import { HINT, publishFirst, TOUR } from "./sample.ts";
import type { TestServer } from "./start-server.ts";

export const SECRET = "sk_studio_browser_suite";
export const PASSWORD = "correct horse battery";
/** It stops people in what they do, so two people have to stand behind it. */
export const MODAL = {
  ...HINT,
  id: "price-change",
  kind: "modal",
  name: "Price change",
  steps: [
    {
      id: "one",
      title: { en: "Prices change in January", ru: "С января новые цены" },
      actions: [{ id: "ok", label: { en: "Got it", ru: "Понятно" }, do: "done" }],
    },
  ],
};

/** An author, a publisher, and three flows: one live and changed since, one never published, one that needs two. */
export async function seedPeople({ call }: TestServer): Promise<void> {
  await call("PUT", "/v1/people/anna@example.com", { name: "Anna", role: "author", password: PASSWORD });
  await call("PUT", "/v1/people/boris@example.com", { name: "Boris", role: "publisher", password: PASSWORD });
  await publishFirst(call, [HINT, MODAL]);
  await call("PUT", `/v1/flows/${HINT.id}`, { ...HINT, priority: 60 });
  await call("PUT", `/v1/flows/${TOUR.id}`, TOUR);
}

/** Signs a person in on the page, as they would. */
export async function signIn(page: Page, server: TestServer, email: string): Promise<void> {
  await page.goto(`${server.url}/studio/`);
  await page.getByLabel("E-mail address").fill(email);
  await page.getByLabel("Password").fill(PASSWORD);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByRole("heading", { level: 1, name: "Flows" }).waitFor();
}
