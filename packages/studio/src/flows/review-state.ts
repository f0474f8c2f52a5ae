import type { Session } from "../session/session.ts";
import type { Review } from "../text/server-words.ts";

/** What a page shows of the way from an author to whoever publishes. */
export type ReviewScene =
  | { readonly type: "nothing" }
  /** Somebody else asked, and this reader may say yes or no. */
  | { readonly type: "decide"; readonly approved: boolean }
  | { readonly type: "waits" }
  | { readonly type: "approved" }
  | { readonly type: "sent-back" }
  /** Nobody has asked yet, and this reader may not publish it alone. */
  | { readonly type: "alone" };

interface Reader {
  readonly session: Session;
  readonly mayPublish: boolean;
}

export function sceneOf(review: Review, { session, mayPublish }: Reader): ReviewScene {
  const me = session.type === "person" ? session.email : undefined;
  const { asked, approvedBy, sentBack, needed, enough } = review;
  if (asked !== null && mayPublish && asked.by !== me)
    return { type: "decide", approved: me !== undefined && approvedBy.includes(me) };
  if (approvedBy.some((who) => who !== me)) return { type: "approved" };
  if (asked !== null) return { type: "waits" };
  if (sentBack !== null) return { type: "sent-back" };
  return needed !== null && !enough && mayPublish ? { type: "alone" } : { type: "nothing" };
}

/**
 * Whether the reader has to ask somebody. What they are about to save they wrote themselves: an approval of what stood
 * there before does not count for it.
 */
export function hasToAsk(
  review: Pick<Review, "needed" | "enough"> | undefined,
  dirty: boolean,
  { session, mayPublish }: Reader,
): boolean {
  if (!mayPublish) return true;
  if (session.type === "key" || review === undefined || review.needed === null) return false;
  return dirty || !review.enough;
}
