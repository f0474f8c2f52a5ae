import { validateFeature, validateFlow, validateSegment } from "@cairn/flow-schema";
import { type Definition, nameOf } from "./environment.ts";

/** Something that stays though nobody asks for it, and who needs it. */
export interface Kept {
  readonly name: string;
  readonly usedBy: readonly string[];
}

/**
 * Which features and segments of those that are to go are named by archived flows, or by others that stay for that
 * reason: without them a draft could not be brought back, so a server does not delete them.
 */
export function keptOf(extra: readonly Definition[], archived: readonly Definition[]): readonly Kept[] {
  const kept: Kept[] = [];
  let staying: readonly Definition[] = archived;
  let going = extra.filter(({ kind }) => kind === "feature" || kind === "segment");
  while (staying.length > 0) {
    const next: Definition[] = [];
    for (const one of going) {
      const users = staying.filter((other) => names(other, one));
      if (users.length === 0) continue;
      next.push(one);
      kept.push({
        name: nameOf(one.kind, one.id),
        usedBy: users.map(({ kind, id }) =>
          kind === "flow" ? `the archived ${nameOf(kind, id)}` : nameOf(kind, id),
        ),
      });
    }
    going = going.filter((one) => !next.includes(one));
    staying = next;
  }
  return kept;
}

/** Whether a definition names another: it is missed where it is not known. */
function names({ kind, body }: Definition, { kind: of, id }: Definition): boolean {
  const validate = kind === "flow" ? validateFlow : kind === "feature" ? validateFeature : validateSegment;
  const missed = (ids: readonly string[]) => {
    const found = validate(body, { known: of === "feature" ? { features: ids } : { segments: ids } });
    return found.ok ? 0 : found.problems.filter(({ code }) => code === "dangling-reference").length;
  };
  return missed([]) > missed([id]);
}
