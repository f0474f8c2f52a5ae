import type { Message } from "@cairn/flow-schema";
import { createRandom } from "../src/model/random.ts";
import { createCast, DAYS, type SampleAccount, type SampleUser } from "./cast.ts";
import { createGuide, type Guide } from "./guide.ts";
import { createJournal, DAY_MS, type Journal, page, track, type Visit } from "./journal.ts";

/** Day of the history on which the firm behind Saldo switched guidance on. */
export const GUIDANCE_FROM = 30;

/** How people come by day of the week, Sunday first: little happens at the weekend. */
const WEEK = [0.08, 1.25, 1.15, 1.1, 1.05, 0.85, 0.14];

interface Habit {
  exports: boolean;
  exported: number;
  lastExport: number;
  sent: number;
  readonly views: number[];
  greeted: boolean;
  asked: number;
  wasActive: boolean;
  toured: boolean;
  checklist: boolean;
  opened: number;
  invited: boolean;
  paidMonth: string;
}

interface Stage {
  readonly journal: Journal;
  readonly guide: Guide;
  readonly random: () => number;
  readonly start: number;
}

/**
 * Ninety days of Saldo, up to the midnight (UTC) before `now`, in order of time. The same seed and day give the same
 * messages with the same ids.
 */
export function sampleHistory(now: number, seed = 7): Message[] {
  const end = Math.floor(now / DAY_MS) * DAY_MS;
  const start = end - DAYS * DAY_MS;
  const random = createRandom(seed * 7919);
  const journal = createJournal(new Date(end).toISOString().slice(0, 10).replaceAll("-", ""));
  const stage: Stage = { journal, guide: createGuide(journal, random), random, start };
  for (const account of createCast(seed)) {
    const firm = { firstValue: false };
    const habits = new Map(account.users.map((user) => [user.id, habitOf(user)]));
    for (let day = Math.max(0, account.started); day < DAYS; day++) {
      const weekday = new Date(start + day * DAY_MS).getUTCDay();
      for (const user of account.users) {
        if (user.joined > day) continue;
        const habit = habits.get(user.id);
        const firstDay = user.joined === day;
        const rate = (user.rate / 5) * (WEEK[weekday] ?? 1) * tide(account, day);
        if (habit && (firstDay || random() < 1 - Math.exp(-rate)))
          visitSaldo(stage, account, user, habit, firm, day);
      }
    }
  }
  // What would only happen after today (a payment, say) has not happened.
  const until = new Date(end).toISOString();
  return journal.messages
    .filter((message) => message.timestamp < until)
    .sort((a, b) =>
      a.timestamp === b.timestamp ? (a.messageId < b.messageId ? -1 : 1) : a.timestamp < b.timestamp ? -1 : 1,
    );
}

function habitOf(user: SampleUser): Habit {
  return {
    exports: user.exports,
    exported: 0,
    lastExport: -1,
    sent: user.joined < 0 && user.role !== "viewer" ? 3 : 0,
    views: [],
    greeted: false,
    asked: 0,
    wasActive: false,
    toured: false,
    checklist: false,
    opened: 0,
    invited: false,
    paidMonth: "",
  };
}

/** How lively the firm is on a day, 1 = as usual. */
function tide(account: SampleAccount, day: number): number {
  const past = Math.max(0, day - account.turn);
  switch (account.trend) {
    case "growing":
      return 0.9 + (day / DAYS) * 0.4;
    case "steady":
      return 1;
    case "falling":
      return Math.max(0.15, 1 - past * 0.035);
    case "silent":
      return past > 0 ? 0 : 1;
  }
}

function visitSaldo(
  stage: Stage,
  account: SampleAccount,
  user: SampleUser,
  habit: Habit,
  firm: { firstValue: boolean },
  day: number,
): void {
  const { journal, guide, random, start } = stage;
  const visit: Visit = {
    account,
    user,
    session: `${user.id}-${day}`,
    at: start + day * DAY_MS + Math.floor((7.5 + random() * 9.5) * 3_600_000),
    seq: 0,
    path: "/demo/",
  };
  const guided = day >= GUIDANCE_FROM;
  const young = day - user.joined <= 7;
  const pause = (): number => 4_000 + Math.floor(random() * 40_000);

  if (!habit.greeted) introduce(stage, visit, firm);
  habit.greeted = true;
  page(journal, visit, 0, "/demo/");
  if (guided && young && !habit.checklist) {
    habit.checklist = guide.offer("first-week-checklist", visit) === "completed";
  }
  if (guided && user.role === "owner" && account.plan === "trial" && day - account.started >= 11) {
    const flow = firm.firstValue ? "trial-ends-with-value" : "trial-ends-before-value";
    if (!guide.met(flow, visit)) guide.offer(flow, visit);
  }
  if (user.payer && account.plan === "pro") payWhenDue(stage, visit, habit, day, guided);

  if (!account.stuck && user.role !== "viewer" && random() < 0.72)
    workOnInvoices(stage, visit, habit, firm, guided, young);
  if (random() < (user.role === "viewer" ? 0.62 : 0.45)) readReports(stage, visit, habit, day, guided);
  if (user.role === "owner") invite(stage, visit, habit, firm, day, guided);
  if (young && random() < 0.09) {
    track(journal, visit, pause(), "contact.requested", { way: random() < 0.5 ? "call" : "message" });
    guide.tick(visit, "meet-your-person");
  }
}

function introduce({ journal, start }: Stage, visit: Visit, firm: { firstValue: boolean }): void {
  const { account, user } = visit;
  const date = (day: number): string => new Date(start + day * DAY_MS).toISOString().slice(0, 10);
  journal.write(visit, 0, {
    type: "identify",
    traits: {
      name: user.name.split(" ")[0] ?? "",
      fullName: user.name,
      email: user.email,
      role: user.role,
      payer: user.payer,
      createdAt: date(user.joined),
      sample: true,
    },
  });
  journal.write(visit, 0, {
    type: "group",
    groupId: account.id,
    traits: {
      name: account.name,
      plan: account.plan,
      members: account.users.length,
      seats: Math.max(3, account.users.length),
      createdAt: date(account.started),
      ...(account.plan === "trial" ? { trialEndsAt: date(account.started + 14) } : {}),
      ...(firm.firstValue ? { firstValueAt: date(Math.max(0, account.started)) } : {}),
      sample: true,
    },
  });
}

function workOnInvoices(
  { journal, guide, random }: Stage,
  visit: Visit,
  habit: Habit,
  firm: { firstValue: boolean },
  guided: boolean,
  young: boolean,
): void {
  const pause = (): number => 4_000 + Math.floor(random() * 40_000);
  page(journal, visit, pause(), "/demo/invoices");
  let eager = young ? 0.5 : 0.7;
  if (guided && young && habit.sent === 0 && !habit.toured) {
    const answer = guide.offer("first-value-tour", visit);
    habit.toured = answer !== "held";
    if (answer === "completed") eager = 0.95;
  }
  const count = random() < eager ? 1 + Math.floor(random() * 2.4) : 0;
  for (let written = 0; written < count; written++) {
    const invoice = `2026-${String(Math.floor(random() * 9_000) + 1_000)}`;
    const facts = { invoice, total: Math.round(80 + random() ** 2 * 4_000), currency: "EUR" };
    page(journal, visit, pause(), "/demo/invoices/new");
    track(journal, visit, pause() + 30_000, "invoice.created", {
      ...facts,
      lines: 1 + Math.floor(random() * 4),
    });
    guide.tick(visit, "create-invoice");
    if (random() > 0.9) continue;
    track(journal, visit, 900, "invoice.sent", facts);
    guide.tick(visit, "send-invoice");
    habit.sent++;
    if (habit.sent === 1 && habit.toured && guided) guide.goal("first-value-tour", visit);
    if (random() > 0.88) continue;
    // The recipient opens it within two days; the product's server reports that for the sender.
    const later: Visit = {
      ...visit,
      session: `${visit.session}-${invoice}`,
      at: visit.at,
      seq: 0,
      path: "/demo/view",
    };
    const delay = Math.floor(random() ** 2 * 2 * DAY_MS) + 60_000;
    track(journal, later, delay, "invoice.opened", { invoice });
    firm.firstValue = true;
    habit.opened++;
    if (habit.checklist && habit.opened === 3) guide.goal("first-week-checklist", later);
    guide.tick(later, "client-opens");
    if (random() < 0.12) {
      track(journal, later, 9 * DAY_MS, "reminder.sent", { ...facts, overdue: random() < 0.6 });
    }
    if (random() < 0.85)
      track(journal, later, Math.floor((1 + random() * 9) * DAY_MS), "invoice.paid", facts);
  }
}

function readReports(
  { journal, guide, random }: Stage,
  visit: Visit,
  habit: Habit,
  day: number,
  guided: boolean,
): void {
  const pause = (): number => 4_000 + Math.floor(random() * 40_000);
  const entitled = visit.account.plan !== "solo";
  page(journal, visit, pause(), "/demo/reports");
  track(journal, visit, 300, "report.viewed", { report: "sales" });
  habit.views.push(day);
  guide.tick(visit, "see-reports");
  const recent = habit.views.filter((view) => view > day - 14).length;
  if (guided && entitled && habit.exported === 0 && recent >= 3 && !guide.met("first-export", visit)) {
    const answer = guide.offer("first-export", visit);
    if ((answer === "completed" && random() < 0.58) || (answer === "dismissed" && random() < 0.1))
      habit.exports = true;
  }
  const quiet = habit.wasActive && day - habit.lastExport >= 21;
  if (guided && entitled && quiet && !guide.met("quiet-export-check-in", visit)) {
    if (guide.offer("quiet-export-check-in", visit) === "completed") {
      track(journal, visit, 400, "checkin.answered", {
        feature: "report-export",
        reason: random() < 0.6 ? "seasonal" : "elsewhere",
      });
      habit.exports = random() < 0.5;
    }
  }
  const filtered = random() < 0.42;
  if (filtered) {
    for (let times = 1 + Math.floor(random() * 2); times > 0; times--)
      track(journal, visit, pause(), "report.filtered", {
        report: "sales",
        period: "3m",
        state: "all",
        client: true,
      });
  }
  if (entitled && habit.exports && random() < 0.62) {
    const format = random() < 0.6 ? "xlsx" : "pdf";
    track(journal, visit, pause(), "report.exported", { report: "sales", format, period: "6m" });
    habit.exported++;
    habit.lastExport = day;
    if (habit.exported === 3) {
      habit.wasActive = true;
      if (guided && guide.met("first-export", visit)) guide.goal("first-export", visit);
    }
    // Some habits fade for reasons of their own.
    if (random() < 0.02) habit.exports = false;
  } else if (
    guided &&
    entitled &&
    filtered &&
    habit.exported < 3 &&
    random() < 0.35 &&
    !guide.met("first-export", visit) &&
    !guide.met("filtered-not-exported", visit)
  ) {
    visit.at += 120_000;
    if (guide.offer("filtered-not-exported", visit) === "completed" && random() < 0.5) {
      track(journal, visit, pause(), "report.exported", { report: "sales", format: "xlsx", period: "3m" });
      habit.exported++;
      habit.lastExport = day;
      habit.exports = habit.exports || random() < 0.5;
    }
  }
}

function invite(
  { journal, guide, random }: Stage,
  visit: Visit,
  habit: Habit,
  firm: { firstValue: boolean },
  day: number,
  guided: boolean,
): void {
  const expected = visit.account.users.some((user) => user.joined > day && user.joined <= day + 10);
  const alone = visit.account.users.filter((user) => user.joined <= day).length === 1;
  let wants = expected && random() < 0.6;
  if (guided && alone && firm.firstValue && !habit.invited && !guide.met("invite-your-team", visit)) {
    if (guide.offer("invite-your-team", visit) === "completed") wants = true;
  }
  if (!wants) return;
  page(journal, visit, 8_000, "/demo/team");
  track(journal, visit, 25_000, "team.invited", { role: random() < 0.7 ? "viewer" : "bookkeeper" });
  if (!habit.invited && guide.met("invite-your-team", visit)) guide.goal("invite-your-team", visit);
  habit.invited = true;
}

function payWhenDue(
  { journal, guide, random }: Stage,
  visit: Visit,
  habit: Habit,
  day: number,
  guided: boolean,
): void {
  const date = new Date(visit.at);
  const month = date.toISOString().slice(0, 7);
  const days = visit.account.billing - date.getUTCDate();
  if (habit.paidMonth === month || day < 0 || days > 5 || days < -6) return;
  const prompted =
    guided && !guide.met("payment-due", visit) && guide.offer("payment-due", visit) === "completed";
  if (!prompted && random() > 0.35) return;
  page(journal, visit, 3_000, "/demo/billing");
  track(journal, visit, 300, "plan.viewed", { plan: "pro" });
  track(journal, visit, 30_000, "plan.paid", { amount: 29, currency: "EUR", by: "card" });
  habit.paidMonth = month;
}
