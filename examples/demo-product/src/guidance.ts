import type { EventName } from "./events.ts";
import type { Person } from "./model/person.ts";
import { type Language, wordsOf } from "./words/language.ts";

type Properties = { readonly [name: string]: string | number | boolean | null };

/** As much of `window.cairn` as Saldo uses. */
export interface Guidance {
  identify(userId: string, traits?: object): unknown;
  group(accountId: string, traits?: object): unknown;
  track(event: string, properties?: object): unknown;
  setLocale(tag: string): unknown;
  reset(): unknown;
  on(type: string, handler: (detail: never) => unknown): unknown;
  hold(): unknown;
  explain(flowId?: string): unknown;
  decisions(): unknown;
}

declare global {
  interface Window {
    cairn?: Guidance;
  }
}

const SIGNED_OUT = "saldo:signed-out";

/** Says who is signed in: once per page load, like any product with a session. */
export function introduce(person: Person, language: Language): void {
  const cairn = window.cairn;
  if (cairn === undefined) return;
  if (sessionStorage.getItem(SIGNED_OUT) !== null) {
    sessionStorage.removeItem(SIGNED_OUT);
    cairn.reset();
  }
  speak(language);
  cairn.identify(person.id, {
    name: person.name.split(" ")[0],
    fullName: person.name,
    email: person.email,
    role: person.role,
    payer: person.payer,
    createdAt: person.createdAt,
    ...(person.lastExportAt === undefined ? {} : { lastExportAt: person.lastExportAt }),
  });
  const { account } = person;
  cairn.group(account.id, accountTraits(account));
}

/** Hints speak the product's language, and write dates as it does. */
export function speak(language: Language): void {
  window.cairn?.setLocale(wordsOf(language).tag);
}

/** What the product tells about the firm, again after each change of plan or team. */
export function accountTraits(account: Person["account"]): object {
  const { id: _, ...traits } = account;
  return traits;
}

/** The next page load begins with `reset()`: nothing of the person before stays. */
export function signOut(): void {
  sessionStorage.setItem(SIGNED_OUT, "1");
}

export function track(event: EventName, properties: Properties = {}): void {
  window.cairn?.track(event, properties);
}
