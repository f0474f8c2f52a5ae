import type { EnvironmentId, Storage, StoredVersion } from "../storage/storage.ts";
import { fileOf } from "./check.ts";

const PAGE = 200;

/** Of whoever the audit log names: keys are no people. */
export const isPerson = (actor: string): boolean => !actor.startsWith("key ");

/**
 * The people who stood behind a version when it was published, as the audit log knows: who wrote the draft as it then
 * was, who had approved it, who published it. Keys are no people; of what came before the log nobody is known.
 */
export async function peopleBehind(
  storage: Storage,
  environment: EnvironmentId,
  { flow, version, author, note }: StoredVersion,
): Promise<ReadonlySet<string>> {
  const people = new Set<string>();
  const add = (actor: string) => {
    if (isPerson(actor)) people.add(actor);
  };
  let reached = false;
  let before: number | undefined;
  for (;;) {
    const page = { subject: fileOf("flow", flow), limit: PAGE, ...(before !== undefined && { before }) };
    const entries = await storage.audit(environment, page);
    let approvals = true;
    for (const entry of entries) {
      const { actor, action, after } = entry;
      if (!reached) {
        reached =
          (action === "publish" || action === "rollback") &&
          after === version &&
          actor === author &&
          entry.note === note;
        if (reached) add(actor);
        // What was brought back had its people when it was published first; who brought it back alone is one.
        if (reached && action === "rollback") return people;
        continue;
      }
      if (action === "send-back") approvals = false;
      if (action === "approve" && approvals) add(actor);
      // Older entries are about older drafts.
      if (action === "put") {
        add(actor);
        return people;
      }
    }
    before = entries.at(-1)?.id;
    if (before === undefined || entries.length < PAGE) return people;
  }
}
