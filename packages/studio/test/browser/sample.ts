import type { TestServer } from "./start-server.ts";

const DAY_MS = 86_400_000;

export const HINT = {
  schemaVersion: 1,
  id: "first-export",
  kind: "tooltip",
  name: "First export",
  owner: "onboarding",
  category: "tip",
  trigger: { event: "report.viewed", atLeast: 3, within: "14d" },
  audience: { feature: "report-export", is: "untried" },
  steps: [
    {
      id: "export",
      target: { anchor: "export-button" },
      title: { en: "Take this report with you", ru: "Заберите отчёт с собой" },
      actions: [{ id: "ok", label: { en: "Got it", ru: "Понятно" }, do: "done" }],
    },
  ],
};
export const TOUR = {
  ...HINT,
  id: "first-tour",
  kind: "tour",
  name: "First tour",
  owner: "growth",
  goal: { reach: { feature: "report-export", is: "activated" }, within: "2d" },
  steps: ["one", "two", "three"].map((id) => ({
    id,
    target: { anchor: id },
    title: { en: `Step ${id}`, ru: `Шаг ${id}` },
    actions: [{ id: "next", label: { en: "Next", ru: "Дальше" }, do: "next" }],
  })),
};

/** One feature, and the first versions of these flows. */
export async function publishFirst(
  call: TestServer["call"],
  flows: readonly { readonly id: string }[],
): Promise<void> {
  await call("PUT", "/v1/features/report-export", {
    id: "report-export",
    name: { en: "Export a report", ru: "Выгрузка отчёта" },
    uses: [{ event: "report.exported" }],
    activated: { count: 3, within: "14d" },
    lapsed: { after: "60d" },
  });
  for (const flow of flows) {
    await call("PUT", `/v1/flows/${flow.id}`, flow);
    await call("POST", `/v1/flows/${flow.id}/publish`, { note: "First version" });
  }
}

/**
 * A small environment: one feature, a hint, a tour, and five weeks of forty people, each in an account of two
 * seats. Half of them activate the feature; of the forty who see the tour thirty come to its second step and twenty to its third.
 */
export async function seed({ call }: TestServer, now: number): Promise<void> {
  await publishFirst(call, [HINT, TOUR]);
  const batch: unknown[] = [];
  const track = (user: number, at: number, event: string, properties: object = {}, run?: string) =>
    batch.push({
      type: "track",
      messageId: `m-${batch.length}`,
      userId: `user-${user}`,
      event,
      properties,
      timestamp: new Date(at).toISOString(),
      context: {
        page: { path: "/reports", url: "https://app.example/reports" },
        groupId: `account-${user}`,
        cairn: { session: `s-${user}`, seq: batch.length, tab: "t", sdk: "0.1.0", ...(run ? { run } : {}) },
      },
    });
  for (let user = 0; user < 40; user++) {
    batch.push({
      type: "group",
      messageId: `m-${batch.length}`,
      userId: `user-${user}`,
      groupId: `account-${user}`,
      traits: { seats: 2 },
      timestamp: new Date(now - 36 * DAY_MS).toISOString(),
    });
    for (let week = 5; week > 0; week--) {
      const at = now - week * 7 * DAY_MS + user * 60_000;
      track(user, at, "report.viewed", { by: "client" });
      if (user < 20) for (let n = 1; n <= 3; n++) track(user, at + n * 1000, "report.exported");
      else if (user < 32 && week === 3) track(user, at + 1000, "report.exported");
    }
    const at = now - 3 * DAY_MS + user * 60_000;
    const flow = TOUR.id;
    const run = `run-${user}`;
    if (user < 5)
      track(user, at - 60_000, "cairn.flow.held", {
        flow,
        version: 1,
        reason: "guard",
        count: 2,
        from: new Date(at - 60_000).toISOString(),
        to: new Date(at).toISOString(),
      });
    track(user, at, "cairn.flow.decided", { flow, version: 1, outcome: "shown", start: "trigger" }, run);
    track(
      user,
      at + 1000,
      "cairn.flow.shown",
      { flow, version: 1, kind: "tour", run, start: "trigger" },
      run,
    );
    const reached = user < 20 ? 3 : user < 30 ? 2 : 1;
    for (const [index, step] of ["one", "two", "three"].slice(0, reached).entries())
      track(user, at + 1000 + index * 5000, "cairn.step.shown", { flow, version: 1, step, index }, run);
    const end = reached === 3 ? "completed" : "dismissed";
    track(user, at + 20_000, `cairn.flow.${end}`, { flow, version: 1 }, run);
  }
  for (let from = 0; from < batch.length; from += 100)
    await call("POST", "/v1/batch", { batch: batch.slice(from, from + 100) });
}
