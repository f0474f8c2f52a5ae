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
  persistence: () => Persistence | undefined;
  /** The engine holds another state now: it must be told what stands on the page. */
  replaced(): void;
  /** Joins a state of the same person into the one that the engine holds. */
  join(state: State): Promise<void>;
}): Identity {
  const { platform } = ports;
  const newId = () => randomId(platform.fill);
  const keeper = () => ports.persistence()?.keeper;
  const here = (): Who => {
    const { anonymousId, userId } = ports.loop().state().person;
    return { anonymousId, ...(userId !== undefined && { userId }) };
  };

  async function stored(who: Who): Promise<State | undefined> {
    const text = await keeper()?.read(personKey(who));
    return text === undefined ? undefined : deserialise(text);
  }
  // Each new state is a replica of its own: counts of replicas are added when they join.
  const blank = (who: Who) => createState({ ...who, device: newId(), now: platform.clock.now() });

  /** Leaves one person for another: what is open closes, what is unsaved is saved under its own name. */
  async function change(who: Who, carry?: State): Promise<void> {
    const loop = ports.loop();
    loop.dispatch({ type: "stop" });
    await keeper()?.save();
    loop.replace((await stored(who)) ?? blank(who));
    if (carry) await ports.join(carry);
    ports.replaced();
  }

  return {
    async restore() {
      const who = (await keeper()?.who()) ?? { anonymousId: newId() };
      const state = (await stored(who)) ?? blank(who);
      await keeper()?.setWho(who);
      return state;
    },
    async identify(userId, traits) {
      const loop = ports.loop();
      const before = here();
      const next = { ...before, userId };
      if (before.userId !== undefined) {
        if (before.userId !== userId) await change({ anonymousId: newId(), userId });
      } else if (await stored(next)) await change(next, loop.state());
      loop.dispatch({ type: "identify", userId, ...(traits && { traits }) });
      if (before.userId === userId) return;
      await keeper()?.setWho(here());
      // The anonymous history has gone with the person; left behind, it would come back after a sign-out.
      if (before.userId === undefined) await keeper()?.remove(personKey(before));
    },
    async reset() {
      await change({ anonymousId: newId() });
      await keeper()?.setWho(here());
    },
    async remember() {
      const state = await stored(here());
      if (state) await ports.join(state);
      await keeper()?.setWho(here());
    },
  };
}
