import type { RunView } from "@cairn/engine";
import type { Clock } from "../ports.ts";
import { REACH_KEY } from "./reach-key.ts";
import { fill, type Strings } from "./strings/strings.ts";
import { lineOf, wordsOf } from "./text.tsx";

/** What the live region says. */
export interface Message {
  readonly text: string;
  readonly locale: string;
}

export interface Announcer {
  message(): Message;
  /** Has the step, or the checklist's title, read out politely, and at a run's start the key that leads to it. */
  say(view: RunView, strings: Strings): void;
  stop(): void;
}

/** A live region must be on the page a moment before its words are, or they are not read out. */
const SPEAK_AFTER = 150;
/** By then they have been read, and would only be a second copy of the hint. */
const CLEAR_AFTER = 10_000;

export function createAnnouncer(clock: Clock, changed: () => void): Announcer {
  let message: Message = { text: "", locale: "" };
  let stop = () => {};
  const set = (text: string, locale: string) => {
    message = { text, locale };
    changed();
  };
  return {
    message: () => message,
    say({ locale, step, title }, strings) {
      stop();
      const heading = step === null ? title : step.title;
      const words = [
        step !== null && step.count > 1 && fill(strings.step, { n: step.index + 1, count: step.count }),
        heading !== undefined && lineOf(heading),
        wordsOf(step?.body),
        (step === null || step.index === 0) && fill(strings.reach, { key: REACH_KEY }),
      ];
      message = { text: "", locale };
      stop = clock.after(SPEAK_AFTER, () => {
        set(words.filter(Boolean).join(". "), locale);
        stop = clock.after(CLEAR_AFTER, () => set("", locale));
      });
    },
    stop: () => stop(),
  };
}
