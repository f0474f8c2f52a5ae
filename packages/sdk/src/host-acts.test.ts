// @vitest-environment happy-dom
import type { Config } from "@cairn/flow-schema";
import { afterEach, describe, expect, it, vi } from "vitest";
import { fakeBrowser } from "../test/fake-browser.ts";
import type { Cairn } from "./api.ts";
import { createClient } from "./client.ts";

const config = {
  schemaVersion: 1,
  environment: "test",
  flows: [
    {
      schemaVersion: 1,
      id: "your-work",
      kind: "modal",
      steps: [
        {
          id: "role",
          title: "What do you do?",
          actions: ["reports", "invoices"].map((id) => ({
            id,
            label: { en: `I make ${id}` },
            style: "secondary",
            do: [{ track: "work.chosen", properties: { work: id } }, "next"],
          })),
          next: [
            { when: { event: "work.chosen", where: { work: "invoices" } }, step: "invoice" },
            { step: "report" },
          ],
        },
        {
          id: "report",
          title: "Reports",
          actions: [
            { id: "ask", label: "Ask", do: { contact: "csm" } },
            { id: "go", label: "Go", do: { navigate: "/elsewhere" } },
          ],
        },
        { id: "invoice", title: "Invoices", actions: [{ id: "copy", label: "Copy", do: { copy: "1042" } }] },
      ],
    },
  ],
  features: [],
  segments: [],
  settings: { budget: null, identity: { settle: "1s" } },
} as unknown as Config;

let cairn: Cairn | undefined;
afterEach(() => {
  cairn?.destroy();
  vi.restoreAllMocks();
});

/** The modal stands on its first step. */
async function started() {
  const page = fakeBrowser({ config });
  cairn = createClient({ key: "pk_test", host: "https://cairn.test" }, page.platform);
  cairn.group("acme", { csm: { name: "Olga", email: "olga@example.com" } });
  cairn.start("your-work");
  await page.clock.advance(2_000);
  const [first] = page.shown;
  expect(first).toBe("show your-work/role");
  const runs = page.runs();
  const press = async (id: string) => {
    page.ui().act(runs[0] ?? "", { kind: "button", id: id as never });
    await page.clock.advance(100);
    // Panels come in a file of their own.
    await vi.dynamicImportSettled();
    await page.clock.advance(100);
  };
  return { page, press };
}

describe("a choice", () => {
  it("records the answer's id and words, and goes on where its route leads", async () => {
    for (const [answer, next] of [
      ["invoices", "invoice"],
      ["reports", "report"],
    ] as const) {
      const { page, press } = await started();
      await press(answer);
      expect(page.shown.at(-1)).toBe(`show your-work/${next}`);
      await page.clock.advance(10_000);
      const told = page.stored.filter(({ event }) => event === "cairn.step.action");
      expect(told.map(({ properties }) => properties)).toEqual([
        expect.objectContaining({
          flow: "your-work",
          step: "role",
          action: answer,
          label: `I make ${answer}`,
        }),
      ]);
      expect(page.stored.find(({ event }) => event === "work.chosen")?.properties).toEqual({ work: answer });
      cairn?.destroy();
    }
  });
});

describe("contact", () => {
  it("is the host's where a handler returns true, and else Cairn's own card", async () => {
    const { page, press } = await started();
    await press("reports");
    const heard: unknown[] = [];
    const off = cairn?.on("contact", ({ who }) => {
      heard.push(who);
      return true;
    });
    await press("ask");
    expect([heard, page.shown.at(-1)]).toEqual([["csm"], "show your-work/report"]);
    off?.();
    cairn?.on("contact", () => undefined);
    await press("ask");
    expect(page.shown.at(-1)).toBe("panel");
  });
});

describe("copy", () => {
  it("says so where the browser did it, and else gives the words to be copied by hand", async () => {
    const copied: string[] = [];
    const write = vi.spyOn(navigator.clipboard, "writeText");
    write.mockImplementation(async (text) => void copied.push(text));
    const { page, press } = await started();
    await press("invoices");
    await press("copy");
    expect([copied, page.shown.at(-1)]).toEqual([["1042"], "toast"]);
    write.mockRejectedValue(new Error("not allowed"));
    await press("copy");
    expect([copied, page.shown.at(-1)]).toEqual([["1042"], "panel"]);
  });
});

describe("leaving the page", () => {
  it("is told where the browser refuses it, and is no error of the host's", async () => {
    const { page, press } = await started();
    await press("reports");
    const assign = vi.spyOn(page.platform.window.location, "assign");
    assign.mockImplementation(() => {
      throw new Error("refused");
    });
    await press("go");
    expect(assign).toHaveBeenCalledOnce();
    expect((await cairn?.explain())?.errors).toEqual(["ui"]);
  });
});
