import type { Message } from "@cairn/flow-schema";
import type { createStamp, MessageBody } from "./transport/message.ts";

type Stamp = ReturnType<typeof createStamp>;

export interface Outbox {
  send(body: MessageBody, about?: Parameters<Stamp>[1]): void;
  /** Sends what happened ahead of what the engine makes of it, so that causes have the lower number. */
  tell(body: MessageBody, at: number, happen: () => void): void;
}

/** Stamps messages, and hands them on in the right order. */
export function createOutbox(ports: {
  stamp: Stamp;
  /** Whether anything may be sent now. */
  isOpen: () => boolean;
  add(message: Message): void;
}): Outbox {
  let held: (() => void)[] | undefined;

  function send(body: MessageBody, about?: Parameters<Stamp>[1]): void {
    if (held) held.push(() => send(body, about));
    else if (ports.isOpen()) ports.add(ports.stamp(body, about));
  }

  return {
    send,
    tell(body, at, happen) {
      const outer = held;
      const later: (() => void)[] = [];
      held = later;
      happen();
      held = outer;
      send(body, { at });
      for (const one of later) one();
    },
  };
}
