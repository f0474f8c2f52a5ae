import type { RunView } from "@cairn/engine";
import type { Clock } from "../ports.ts";
import { REACH_KEY } from "./reach-key.ts";
import { fill } from "./strings/strings.ts";
import { type Kit, spoken } from "./text.tsx";

export interface Announcer {
  /** What the live region says. */
  text: string;
  locale: string;
  /** Whether it is also to be seen. */
  seen: boolean;
  /** Has the step, or the checklist's title, read out politely, and at a run's start the key that leads to it. */
  say(view: RunView, kit: Kit): void;
  /** Says it for a moment, to be seen and heard. */
  toast(text: string, locale: string): void;
  stop(): void;
}

/** A live region must be on the page a moment before its words are, or they are not read out. */
const SPEAK_AFTER = 150;
/** By then they have been read, and would only be a second copy of the hint. */
const CLEAR_AFTER = 10_000;
const TOAST = 3_000;

/** Puts what is said together, with a full stop only where the words do not end a sentence by themselves. */
const inSentences = (words: readonly string[]) =>
  words.map((said, at) => (at < words.length - 1 && !/[.!?…]$/.test(said) ? `${said}.` : said)).join(" ");

export function createAnnouncer(clock: Clock, changed: () => void): Announcer {
  const set = (text: string, locale: string, seen = false) => {
    Object.assign(announcer, { text, locale, seen });
    changed();
  };
  const announcer: Announcer = {
    text: "",
    locale: "",
    seen: false,
    say({ locale, step, title, kind }, kit) {
      const { strings } = kit;
      const { index = 0, count = 1 } = step ?? {};
      // A beacon keeps its words until it is opened.
      const rest = step?.title && kind === "hotspot" ? undefined : step?.body;
      const texts = step ? [step.title, rest] : [title];
      const words = [
        count > 1 && fill(strings.step, { n: index + 1, count }),
        ...texts.map((text) => text && spoken(text, kit)),
        index === 0 && fill(strings.reach, { key: REACH_KEY }),
      ].filter((one): one is string => !!one);
      announcer.stop();
      announcer.stop = clock.after(SPEAK_AFTER, () => {
        set(inSentences(words), locale);
        announcer.stop = clock.after(CLEAR_AFTER, () => set("", locale));
      });
    },
    toast(text, locale) {
      announcer.stop();
      set(text, locale, true);
      announcer.stop = clock.after(TOAST, () => set("", locale));
    },
    stop() {},
  };
  return announcer;
}
