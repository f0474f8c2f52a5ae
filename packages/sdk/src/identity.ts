import type { State } from "@cairn/engine";
import { createState, deserialise } from "@cairn/engine/core";
import type { JsonObject } from "@cairn/flow-schema";
import type { EngineLoop } from "./engine-loop.ts";
import type { Persistence } from "./persistence.ts";
import type { Platform } from "./ports.ts";
import { randomId } from "./state/random-id.ts";
import { personKey, type Who } from "./state/state-keeper.ts";

export interface Identity {
  /** The state to begin with: that of the person who was here last, else of somebody new. */
  restore(): Promise<State>;
  identify(userId: string, traits: JsonObject | undefined): Promise<void>;
  /** The person has signed out. */
  reset(): Promise<void>;
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
  /** Joins a state of the same person into the one that the engine holds. */
  join(state: State): Promise<void>;
}): Identity {
  const { platform, environment, loop, persistence, join } = ports;
  const whoKey = `${environment}|who`;
  const stranger = (): Who => ({ anonymousId: randomId(platform.fill) });
  const here = (): Who => {
    const { anonymousId, userId } = loop().state.person;
    return { anonymousId, ...(userId !== undefined && { userId }) };
  };
  const put = async (key: string, value?: unknown) => persistence()?.store.put([[key, value]]);
  const note = () => put(whoKey, here());
  const stored = async (who: Who): Promise<State | undefined> =>
    deserialise((await persistence()?.keeper.read(personKey(environment, who))) ?? "");
  const stateOf = async (who: Who): Promise<State> =>
    (await stored(who)) ??
    // Each new state is a replica of its own: counts of replicas are added when they join.
    createState({ ...who, device: randomId(platform.fill), now: platform.clock.now() });

  /** Leaves one person for another: what is open closes, what is unsaved is saved under its own name. */
  async function change(who: Who, carry?: State): Promise<void> {
    loop().dispatch({ type: "stop" });
    await persistence()?.keeper.save();
    loop().use({ state: await stateOf(who) });
    if (carry) await join(carry);
    ports.replaced();
  }

  return {
    async restore() {
      const saved = (await persistence()?.store.get(whoKey)) as Partial<Who> | undefined;
      const who = typeof saved?.anonymousId === "string" ? (saved as Who) : stranger();
      await put(whoKey, who);
      return stateOf(who);
    },
    async identify(userId, traits) {
      const before = here();
      const isAnonymous = before.userId === undefined;
      const next = { ...before, userId };
      if (isAnonymous ? await stored(next) : before.userId !== userId)
        await (isAnonymous ? change(next, loop().state) : change({ ...stranger(), userId }));
      loop().dispatch({ type: "identify", userId, ...(traits && { traits }) });
      if (before.userId === userId) return;
      await note();
      // The anonymous history has gone with the person; left behind, it would come back after a sign-out.
      if (isAnonymous) await put(personKey(environment, before));
    },
    async reset() {
      await change(stranger());
      await note();
    },
    async remember() {
      const state = await stored(here());
      if (state) await join(state);
      await note();
    },
  };
}
