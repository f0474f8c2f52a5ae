import type { AuditEntry, StoredAuditEntry } from "../storage/audit-store.ts";

/** Everything that can be done to what is kept. The audit log holds nothing else. */
export const AUDIT_ACTIONS = [
  "put",
  "delete",
  "publish",
  "rollback",
  "archive",
  "restore",
  "approve",
  "ask",
  "send-back",
  "schedule",
  "unschedule",
  "create",
  "revoke",
  "erase",
] as const;
export type AuditAction = (typeof AUDIT_ACTIONS)[number];

/** A line for the audit log. */
export function auditEntry(
  actor: string,
  action: AuditAction,
  subject: string,
  more: Partial<Pick<AuditEntry, "before" | "after" | "note">> = {},
): AuditEntry {
  return { actor, action, subject, before: null, after: null, note: null, ...more };
}

/** As it is told to those who may read it. */
export function toAuditAnswer({ at, ...entry }: StoredAuditEntry) {
  return { ...entry, at: new Date(at).toISOString() };
}
