import type { State } from "@cairn/engine";
import type { Join } from "../identity.ts";
import type { Clock, Platform, Store } from "../ports.ts";
import type { Request } from "../transport/request.ts";
import type { Post } from "../transport/send.ts";
import type { Known, StateClient, Token } from "../transport/state-client.ts";

/** The person whom the host vouches for with a token, and their state on the server. */
export interface Vouched {
  /** There while the host has given a token and there is consent. */
  readonly client: StateClient | undefined;
  /** Takes a person, or another token of theirs. Resolves with what the server knows; nothing where there is no token. */
  verify(userId: string, token: Token | undefined): Promise<Known | undefined>;
  /** The one that was given last. */
  readonly token: Token | undefined;
  dispose(): void;
}

export function createVouched(ports: {
  platform: Platform;
  clock: Clock;
  /** The public key; without one there is no server. */
  key: string | undefined;
  environment: string;
  request: Request | undefined;
  post: Post | undefined;
  /** Where what is known is kept; only with consent, and until Cairn is destroyed. */
  store: () => Store | undefined;
  state: () => State;
  toText(value: unknown): string;
  learn: Join;
  report(code: string, error: unknown): void;
}): Vouched {
  const { platform, clock, key, environment, request, post, state, toText, learn, report } = ports;
  let client: StateClient | undefined;
  let token: Token | undefined;
  const dispose = () => {
    client?.dispose();
    client = undefined;
  };
  async function verify(userId: string, given: Token | undefined): Promise<Known | undefined> {
    token = given;
    if (client?.userId === userId && given) return void client.use(given);
    client?.leave();
    dispose();
    const store = ports.store();
    if (!given || !key || !request || !post || !store) return undefined;
    try {
      const { createStateClient } = await platform.loadVerified();
      if (!ports.store()) return undefined;
      client = createStateClient({
        request,
        post,
        clock,
        key,
        environment,
        store,
        userId,
        token: given,
        random: platform.random,
        state,
        toText,
        learn,
        report: (error) => report("state", error),
      });
      return await client.pull();
    } catch (error) {
      return report("chunk", error) as undefined;
    }
  }
  return {
    get client() {
      return client;
    },
    get token() {
      return token;
    },
    verify,
    dispose,
  };
}
