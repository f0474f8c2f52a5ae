import type { Message } from "@cairn/flow-schema";
import type { About, MessageBody, Stamp } from "./message.ts";

export interface Messages {
  send(body: MessageBody, about?: About): void;
  /** Sends what happened ahead of what the engine makes of it, so that causes have the lower number. */
  tell(body: MessageBody, at: number, happen: () => void): void;
}

/** Puts messages in the order in which they are numbered. */
export function createMessages(stamp: Stamp, add: (message: Message) => void): Messages {
  let held: Parameters<Messages["send"]>[] | undefined;
  const send: Messages["send"] = (body, about) => {
    if (held) held.push([body, about]);
    else add(stamp(body, about));
  };
  return {
    send,
    tell(body, at, happen) {
      const outer = held;
      const later: typeof held = [];
      held = later;
      happen();
      held = outer;
      send(body, { at });
      for (const one of later) send(...one);
    },
  };
}
