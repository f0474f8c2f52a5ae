import type { EnvironmentName } from "@cairn/server";
import { createContext } from "preact";
import { useContext } from "preact/hooks";
import type { Api } from "../api/client.ts";
import type { Session } from "../session/session.ts";
import type { Words } from "../text/en.ts";
import type { Format } from "../text/format.ts";
import type { Preferences } from "./preferences.ts";

/** What every page of the studio works with. */
export interface Studio {
  readonly api: Api;
  readonly words: Words;
  readonly format: Format;
  readonly preferences: Preferences;
  setPreferences(preferences: Preferences): void;
  readonly session: Session;
  /** Whether a role lets one publish, approve and send back. Of a key the server knows: it is taken to be so. */
  readonly mayPublish: boolean;
  signOut(): void;
  /** Goes to another environment, as only people can: a key belongs to one. */
  setEnvironment(environment: EnvironmentName): void;
  /** Says something to screen readers and, for a moment, in the corner of the page. */
  announce(message: string): void;
  /** Asks before the page is left; `undefined` lets go again. */
  guardLeaving(question: (() => Promise<boolean>) | undefined): void;
  /** Goes to an address inside the studio, unless the page in front asks to stay. */
  go(url: string): void;
}

export const StudioContext = createContext<Studio | undefined>(undefined);

export function useStudio(): Studio {
  const studio = useContext(StudioContext);
  if (studio === undefined) throw new Error("useStudio is called outside of the studio");
  return studio;
}
