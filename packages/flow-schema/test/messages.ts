import type { Message } from "@cairn/flow-schema";

/** One message of each type, as official clients send them. */
export const MESSAGES: readonly Message[] = [
  {
    type: "track",
    messageId: "ajs-next-1709283600000-4b3c",
    timestamp: "2026-03-01T09:00:00.000Z",
    userId: "u1",
    anonymousId: "a1",
    event: "report.exported",
    properties: { format: "pdf", rows: 120, filters: ["week", { by: "team" }] },
    context: {
      page: { url: "https://app.example.com/reports?x=1", path: "/reports", title: "Reports" },
      locale: "ru-RU",
      timezone: "Europe/Moscow",
      cairn: { session: "s1", seq: 4, tab: "t1", sdk: "0.1.0", run: "r1", decidedAt: "2026-03-01T08:59:59Z" },
    },
  },
  {
    type: "identify",
    messageId: "m2",
    timestamp: "2026-03-01T09:00:00+03:00",
    userId: "u1",
    traits: { role: "admin", name: "Anna", address: { city: "Riga" } },
  },
  {
    type: "group",
    messageId: "m3",
    timestamp: "2026-03-01T09:00Z",
    userId: "u1",
    groupId: "acme",
    traits: { plan: "trial" },
  },
  {
    type: "page",
    messageId: "m4",
    timestamp: "2026-03-01T09:00:00.123456Z",
    anonymousId: "a1",
    name: "Reports",
    properties: { path: "/reports" },
  },
];
