import type { Input, State } from "@cairn/engine";
import { createState, deserialise } from "@cairn/engine/core";
import type { JsonObject } from "@cairn/flow-schema";
import type { EngineLoop } from "./engine-loop.ts";
import type { Persistence } from "./persistence.ts";
import type { Platform } from "./ports.ts";
import { randomId } from "./state/random-id.ts";
import { personKey, type Who } from "./state/state-keeper.ts";
import type { Known } from "./transport/state-client.ts";

/** Joins what is known of the same person into the state that the engine holds. */
export type Join = (what: Pick<Extract<Input, { type: "merge" }>, "state" | "facts">) => Promise<void>;

export interface Identity {
  /** The state to begin with: that of the person who was here last, else of somebody new. */
  restore(): Promise<State>;
  /** `known`: what the server says of them, where they have a token. */
  identify(userId: string, traits: JsonObject | undefined, known?: Known): Promise<void>;
  /** The person has signed out: what is stored of them here goes. `next`: who is here by what another tab did. */
  reset(next?: Who): Promise<void>;
  /** Who is here by now, by the store, in the place of whom this tab still has. */
  successor(): Promise<Who | undefined>;
  /** Storing has become possible: joins what is stored of this person, and notes who it is. */
  remember(): Promise<void>;
}

/** Who uses the page, and whose state the engine holds. */
export function createIdentity(ports: {
  platform: Platform;
  loop: () => EngineLoop;
  environment: string;
  persistence: () => Persistence | undefined;
  /** The engine holds another state now: it must be told what stands on the page. */
  replaced(): void;
  readonly join: Join;
  report(error: unknown): void;
}): Identity {
  const { platform, environment, loop, persistence, join, report } = ports;
  /** What was read of something saved; what cannot be read is told, and written over by what comes. */
  const sound = <T>(saved: unknown, found: T | undefined): T | undefined => {
    if (saved && !found) report(saved);
    return found;
  };
  const whoKey = `${environment}|who`;
  const keyOf = (who: Who) => personKey(environment, who);
  const stranger = (): Who => ({ anonymousId: randomId(platform.fill) });
  const here = (): Who => {
    const { anonymousId, userId } = loop().state.person;
    return { anonymousId, ...(userId !== undefined && { userId }) };
  };
  const known = (saved: unknown) =>
    typeof (saved as Partial<Who> | undefined)?.anonymousId === "string" ? (saved as Who) : undefined;
  /** Who is here by the store. */
  const last = async () => {
    const saved = await persistence()?.store.get(whoKey);
    return sound(saved, known(saved));
  };
  const stored = async (who: Who): Promise<State | undefined> => {
    const text = await persistence()?.keeper.read(keyOf(who));
    return sound(text, text && deserialise(text)) || undefined;
  };
  const stateOf = async (who: Who): Promise<State> =>
    (await stored(who)) ??
    // Each new state is a replica of its own: counts of replicas are added when they join.
    createState({ ...who, device: randomId(platform.fill), now: platform.clock.now() });

  /** Leaves one person for another: what is open closes. `keep`: what is unsaved is saved under its own name. */
  async function change(who: Who, keep: boolean, carry?: State): Promise<void> {
    const stop = () => loop().dispatch({ type: "stop" });
    if (keep) {
      stop();
      await persistence()?.keeper.save();
    }
    const state = await stateOf(who);
    stop();
    loop().use({ state });
    if (carry) await join({ state: carry });
    ports.replaced();
  }
  /** Notes who is here, in one step with what is to be forgotten of whom, and tells the other tabs. */
  async function note(gone?: string): Promise<void> {
    const store = persistence()?.store;
    await store?.put([[whoKey, here()], ...(gone ? [[gone, undefined] as const] : [])]);
    persistence()?.announce({ moved: gone ?? "" });
    if (gone) persistence()?.forget(gone);
  }

  return {
    async restore() {
      let who = await last();
      // In one step: tabs that open at once are one person.
      if (!who) await persistence()?.store.update(whoKey, (saved) => (who = known(saved) ?? stranger()));
      return stateOf(who ?? stranger());
    },
    async identify(userId, traits, known) {
      const before = here();
      const isAnonymous = before.userId === undefined;
      const next = { ...before, userId };
      if (isAnonymous ? known?.state || (await stored(next)) : before.userId !== userId)
        await (isAnonymous ? change(next, true, loop().state) : change({ ...stranger(), userId }, true));
      // All that is known comes first: flows are asked as soon as the engine hears the name.
      if (known?.state) await join({ state: known.state });
      const { account, facts } = known ?? {};
      if (account) loop().dispatch({ type: "group", accountId: account.id, ...account });
      if (facts) await join({ facts });
      loop().dispatch({
        type: "identify",
        userId,
        traits: { ...traits, ...known?.traits },
        ...(known && { verified: true }),
      });
      if (before.userId === userId) return;
      // The anonymous history has gone with the person; left behind, it would come back after a sign-out.
      await note(isAnonymous ? keyOf(before) : undefined);
    },
    async reset(next) {
      const before = here();
      // Who has signed in elsewhere is the same. What is unsaved of anybody else may have been forgotten.
      const isSame = next?.anonymousId === before.anonymousId;
      await change(next ?? stranger(), false, isSame ? loop().state : undefined);
      if (!next) await note(keyOf(before));
    },
    async successor() {
      const who = await last();
      return who && keyOf(who) !== keyOf(here()) ? who : undefined;
    },
    async remember() {
      const who = await last();
      const isKnown = !!who && keyOf(who) === keyOf(here());
      // Whoever was here before, and has not been named yet on this page.
      if (who && !isKnown && here().userId === undefined) return change(who, false, loop().state);
      const state = await stored(here());
      if (state) await join({ state });
      if (!isKnown) await note();
    },
  };
}
