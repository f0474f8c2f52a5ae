import type { RunView } from "@cairn/engine";
import type { Clock } from "../ports.ts";
import { REACH_KEY } from "./reach-key.ts";
import { fill } from "./strings/strings.ts";
import { type Kit, spoken } from "./text.tsx";

/** What the live region says. */
export interface Message {
  readonly text: string;
  readonly locale: string;
}

export interface Announcer {
  message: Message;
  /** Has the step, or the checklist's title, read out politely, and at a run's start the key that leads to it. */
  say(view: RunView, kit: Kit): void;
  stop(): void;
}

/** A live region must be on the page a moment before its words are, or they are not read out. */
const SPEAK_AFTER = 150;
/** By then they have been read, and would only be a second copy of the hint. */
const CLEAR_AFTER = 10_000;

/** Puts what is said together, with a full stop only where the words do not end a sentence by themselves. */
const inSentences = (said: string, next: string) =>
  said === "" ? next : `${said}${/[.!?…]$/.test(said) ? "" : "."} ${next}`;

export function createAnnouncer(clock: Clock, changed: () => void): Announcer {
  const set = (text: string, locale: string) => {
    announcer.message = { text, locale };
    changed();
  };
  const announcer: Announcer = {
    message: { text: "", locale: "" },
    say({ locale, step, title }, kit) {
      announcer.stop();
      const { index = 0, count = 1 } = step ?? {};
      const texts = step === null ? [title] : [step.title, step.body];
      const words = [
        count > 1 && fill(kit.strings.step, { n: index + 1, count }),
        ...texts.map((text) => text && spoken(text, kit)),
        index === 0 && fill(kit.strings.reach, { key: REACH_KEY }),
      ];
      announcer.stop = clock.after(SPEAK_AFTER, () => {
        set(words.filter((one): one is string => !!one).reduce(inSentences, ""), locale);
        announcer.stop = clock.after(CLEAR_AFTER, () => set("", locale));
      });
    },
    stop() {},
  };
  return announcer;
}
