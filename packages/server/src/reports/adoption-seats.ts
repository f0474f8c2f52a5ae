import type { Identity } from "./identity.ts";

/**
 * How many seats an account pays for: its trait `seats`, as it was said last before each moment. Only a whole number
 * of 1 or more is one; of anything else nothing is known.
 *
 * @returns by moment; `null` where it is not known
 */
export function seatsOf(
  identity: Identity,
  account: number,
  moments: Float64Array,
): readonly (number | null)[] {
  const course = identity.course("account", account, (name) => name === "seats");
  let next = 0;
  let seats: number | null = null;
  return Array.from(moments, (moment) => {
    for (; next < course.length && (course[next]?.at ?? 0) < moment; next++) {
      const said = course[next]?.traits.seats;
      seats = Number.isSafeInteger(said) && (said as number) >= 1 ? (said as number) : null;
    }
    return seats;
  });
}
