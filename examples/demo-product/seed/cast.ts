import { createRandom } from "../src/model/random.ts";

export type Role = "owner" | "bookkeeper" | "viewer";

export interface SampleUser {
  readonly id: string;
  readonly name: string;
  readonly email: string;
  readonly role: Role;
  readonly payer: boolean;
  /** Day of the history on which they join; below 0 = before it begins. */
  readonly joined: number;
  /** Sessions in an ordinary week. */
  readonly rate: number;
  /** Found export without any help. */
  readonly exports: boolean;
}

export interface SampleAccount {
  readonly id: string;
  readonly name: string;
  readonly plan: "trial" | "solo" | "pro";
  readonly locale: "en" | "ru";
  readonly started: number;
  readonly trend: "growing" | "steady" | "falling" | "silent";
  /** Day from which activity falls. */
  readonly turn: number;
  /** Day of the month on which the plan is paid. */
  readonly billing: number;
  /** Looks around, but has never sent an invoice. */
  readonly stuck: boolean;
  readonly users: readonly SampleUser[];
}

export const ACCOUNTS = 40;
export const USERS = 400;
export const DAYS = 90;

const FIRST = [
  ..."Anna Ben Carla Dmitri Elena Felix Greta Hugo Irina Jonas Kira Leon Maja Nikita Olga Paul Rosa".split(
    " ",
  ),
  ..."Sven Tanja Ulla Vera Wim Yara Zoe Artem Bella Clara David Edda Filip Gleb Hanna Ivan Julia".split(" "),
];
const LAST = [
  ..."Adler Berg Conti Dorn Ek Falk Gruber Haas Ivanov Jansen Keller Lang Moreau Novak Orlov Petrov".split(
    " ",
  ),
  ..."Quist Roth Sokolov Thun Urban Vogel Weiss Zeller Belova Costa Durand Egorov Frank Gomez Holm".split(
    " ",
  ),
];
const PLACE = "North,Harbour,Linden,Old Mill,Station,Hillside,Bridge,Garden,River,Market".split(",");
const TRADE = "Joinery,Studio,Bakery,Electric,Print,Florists,Optics,Cycles,Interiors,Roofing".split(",");

/** Forty firms and their four hundred people: the same for the same seed. */
export function createCast(seed: number): SampleAccount[] {
  const random = createRandom(seed);
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T;
  const sizes = sizesOf(ACCOUNTS, USERS, random);
  let count = 0;
  return sizes.map((size, index): SampleAccount => {
    const name = `${PLACE[(index * 3 + Math.floor(index / 10)) % 10]} ${TRADE[index % 10]}`;
    const id = `sample-${name.toLowerCase().replace(/ /g, "-")}`;
    const fresh = index % 10 >= 7;
    const trial = fresh && index > 28 && index !== 37;
    // Trials last fourteen days: these three are in their last ones.
    const age = fresh ? 5 + random() * 66 : -(30 + random() * 700);
    const started = trial ? DAYS - 14 - (index % 4) : Math.floor(age);
    const trend =
      fresh || index % 5 === 1
        ? "growing"
        : index % 7 === 3
          ? "falling"
          : index % 13 === 2
            ? "silent"
            : "steady";
    const plan = trial ? "trial" : size <= 4 ? "solo" : "pro";
    const users = Array.from({ length: size }, (_, place): SampleUser => {
      count++;
      const first = pick(FIRST);
      const last = pick(LAST);
      const role: Role = place === 0 ? "owner" : place % 4 === 1 ? "bookkeeper" : "viewer";
      const late = trend === "growing" && place > 1;
      const joined =
        place === 0
          ? started
          : late
            ? Math.floor(Math.max(started + 1, 0) + random() * (DAYS - 2 - Math.max(started + 1, 0)))
            : started + Math.floor(random() * 12);
      const usual = role === "viewer" ? 0.9 : role === "owner" ? 2.2 : 2.8;
      return {
        id: `sample-user-${String(count).padStart(3, "0")}`,
        name: `${first} ${last}`,
        email: `${first}.${last}@${id.slice(7)}.example`.toLowerCase(),
        role,
        payer: place === 0 || (place === 1 && random() < 0.3),
        joined: Math.min(joined, DAYS - 1),
        rate: usual * (0.45 + random() * 1.1),
        exports: plan !== "solo" && random() < (role === "viewer" ? 0.05 : 0.2),
      };
    });
    return {
      id,
      name,
      plan,
      locale: index % 3 === 2 ? "ru" : "en",
      started,
      trend,
      turn: 40 + Math.floor(random() * 30),
      stuck: index === 39,
      billing: 1 + Math.floor(random() * 27),
      users,
    };
  });
}

/** Sizes that sum up exactly: many small firms, a few bigger ones. */
function sizesOf(accounts: number, users: number, random: () => number): number[] {
  const weights = Array.from({ length: accounts }, () => 0.25 + random() ** 2 * 2);
  const all = weights.reduce((sum, weight) => sum + weight, 0);
  const sizes = weights.map((weight) => Math.max(2, Math.round((weight / all) * users)));
  for (let index = 0, rest = users - sizes.reduce((sum, size) => sum + size, 0); rest !== 0; index++) {
    const at = index % accounts;
    const step = Math.sign(rest);
    if ((sizes[at] ?? 0) + step < 2) continue;
    sizes[at] = (sizes[at] ?? 0) + step;
    rest -= step;
  }
  return sizes;
}
