/**
 * Every event that Saldo tracks: the product itself and the sample history use this one list,
 * so that no flow waits for a name that never comes.
 */
export const EVENTS = [
  "invoice.created",
  "invoice.sent",
  /** The recipient looked at it: the first result that the customer's own client confirms. */
  "invoice.opened",
  "invoice.paid",
  "reminder.sent",
  "report.viewed",
  "report.filtered",
  "report.exported",
  "team.invited",
  "plan.viewed",
  "plan.changed",
  "plan.paid",
  "contact.requested",
] as const;
export type EventName = (typeof EVENTS)[number];

/** Tracked by a flow's own buttons (`{"track": …}`), not by the product. */
export const FLOW_EVENTS = ["checkin.answered"] as const;
