/** Every `data-cairn` anchor of Saldo: stable names that flows point at. */
export const ANCHORS = [
  "nav-home",
  "nav-invoices",
  "nav-reports",
  "nav-team",
  "nav-billing",
  "plan-badge",
  "new-invoice-button",
  "invoice-client",
  "invoice-lines",
  "invoice-send",
  "invoice-link",
  "invoice-remind",
  "report-filter",
  "export-button",
  "invite-button",
] as const;
export type Anchor = (typeof ANCHORS)[number];
