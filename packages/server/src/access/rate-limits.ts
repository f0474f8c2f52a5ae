/** How often: so many per second in the long run, and so many at once. */
export interface Rate {
  readonly perSecond: number;
  readonly burst: number;
}

/** Token buckets, one per name. */
export interface RateLimiter {
  /** Takes one; 0 where there was one, else the seconds until there will be. Counts each call, also those at once. */
  take(name: string): number;
  /** Puts one back that was taken for nothing. */
  giveBack(name: string): void;
}

/** Most buckets that are kept: names of full ones are forgotten, since a new one would be full too. */
const MAX_BUCKETS = 100_000;

export function createRateLimiter({ perSecond, burst }: Rate, now: () => number): RateLimiter {
  interface Bucket {
    left: number;
    at: number;
  }
  const buckets = new Map<string, Bucket>();
  const refill = (bucket: Bucket, at: number) => {
    // A clock that goes back fills nothing.
    bucket.left = Math.min(burst, bucket.left + (Math.max(0, at - bucket.at) * perSecond) / 1_000);
    bucket.at = at;
  };
  const makeRoom = (at: number) => {
    for (const [name, bucket] of buckets) {
      refill(bucket, at);
      if (bucket.left >= burst) buckets.delete(name);
    }
    // All of them in use: whoever came first starts anew, so that memory stays bounded.
    for (const name of buckets.keys()) {
      if (buckets.size < MAX_BUCKETS / 2) break;
      buckets.delete(name);
    }
  };
  return {
    take(name) {
      const at = now();
      let bucket = buckets.get(name);
      if (bucket === undefined) {
        if (buckets.size >= MAX_BUCKETS) makeRoom(at);
        bucket = { left: burst, at };
        buckets.set(name, bucket);
      } else refill(bucket, at);
      if (bucket.left < 1) return Math.max(1, Math.ceil((1 - bucket.left) / perSecond));
      bucket.left -= 1;
      return 0;
    },
    giveBack(name) {
      const bucket = buckets.get(name);
      if (bucket !== undefined) bucket.left = Math.min(burst, bucket.left + 1);
    },
  };
}

/** What holds back one address, one key, and guesses of passwords. */
export interface RateLimits {
  /** Per address, for whoever has no secret key. */
  readonly address: RateLimiter;
  readonly key: RateLimiter;
  /** Per address: wrong passwords, whoever's. */
  readonly signIn: RateLimiter;
  /** Per person, from wherever: wrong passwords. */
  readonly signInAnywhere: RateLimiter;
}

export interface RateOptions {
  /** `null` switches it off. @default 500 a second, 2,000 at once: a whole office behind one address */
  readonly address?: Rate | null | undefined;
  /** `null` switches it off. @default 20,000 a second, 40,000 at once: what a server of this kind can do */
  readonly key?: Rate | null | undefined;
}

/** Ten guesses at once, then one in two minutes. */
const SIGN_IN: Rate = { perSecond: 1 / 120, burst: 10 };
/** Of one person from many addresses: so many that it takes a hundred of them to lock somebody out, and too few to find a password. */
const SIGN_IN_ANYWHERE: Rate = { perSecond: 1 / 10, burst: 1_000 };
const NONE: RateLimiter = { take: () => 0, giveBack: () => {} };

export function createRateLimits(
  { address = { perSecond: 500, burst: 2_000 }, key = { perSecond: 20_000, burst: 40_000 } }: RateOptions,
  now: () => number,
): RateLimits {
  return {
    address: address === null ? NONE : createRateLimiter(address, now),
    key: key === null ? NONE : createRateLimiter(key, now),
    signIn: createRateLimiter(SIGN_IN, now),
    signInAnywhere: createRateLimiter(SIGN_IN_ANYWHERE, now),
  };
}
