import { type Flow, type FlowId, SCHEMA_VERSION } from "@cairn/flow-schema";

export const TEMPLATES = ["tooltip", "tour", "checklist"] as const;
export type Template = (typeof TEMPLATES)[number];

/** A first draft that is valid as it stands; the author changes names and words. */
export function flowFromTemplate(template: Template, id: FlowId, name: string): Flow {
  // As untyped JSON: it goes to the validator like anything an author writes.
  const draft: unknown = { schemaVersion: SCHEMA_VERSION, id, kind: template, name, ...BODIES[template] };
  return draft as Flow;
}

const BODIES = {
  tooltip: {
    category: "tip",
    trigger: { page: "/" },
    frequency: { atMost: 1, until: "dismissed" },
    priority: 50,
    steps: [
      {
        id: "hint",
        target: { anchor: "your-button" },
        placement: "bottom",
        title: { en: "One thing worth knowing", ru: "Что стоит знать" },
        body: { en: "Say in one sentence what it saves.", ru: "Скажите одной фразой, что это даёт." },
        actions: [
          { id: "ok", label: { en: "Got it", ru: "Понятно" }, do: "done" },
          { id: "later", label: { en: "Later", ru: "Позже" }, do: { snooze: "1d" } },
        ],
      },
    ],
  },
  tour: {
    category: "onboarding",
    trigger: { page: "/" },
    frequency: { atMost: 2, gap: "1d", until: "completed" },
    priority: 60,
    steps: [
      {
        id: "start",
        target: { anchor: "first-place" },
        title: { en: "Start here", ru: "Начните здесь" },
        body: { en: "Three short steps.", ru: "Три коротких шага." },
        actions: [
          { id: "next", label: { en: "Next", ru: "Дальше" }, do: "next" },
          { id: "later", label: { en: "Another time", ru: "В другой раз" }, do: { snooze: "1d" } },
        ],
      },
      {
        id: "middle",
        target: { anchor: "second-place" },
        title: { en: "Then this", ru: "Потом это" },
        body: { en: "What happens here, in one sentence.", ru: "Что здесь происходит, одной фразой." },
        actions: [
          { id: "next", label: { en: "Next", ru: "Дальше" }, do: "next" },
          { id: "back", label: { en: "Back", ru: "Назад" }, do: "back" },
        ],
      },
      {
        id: "finish",
        target: { anchor: "third-place" },
        title: { en: "And you are done", ru: "И готово" },
        body: { en: "Where to go on from here.", ru: "Куда двигаться дальше." },
        actions: [{ id: "done", label: { en: "Done", ru: "Готово" }, do: "done" }],
      },
    ],
  },
  checklist: {
    category: "onboarding",
    trigger: { page: "/" },
    priority: 40,
    title: { en: "Your first week", ru: "Первая неделя" },
    items: [
      {
        id: "first",
        title: { en: "Do the first thing", ru: "Сделайте первое" },
        done: { event: "first.done" },
        retroactive: true,
      },
      {
        id: "second",
        title: { en: "Do the second thing", ru: "Сделайте второе" },
        done: { event: "second.done" },
        retroactive: true,
      },
      {
        id: "person",
        title: { en: "Meet your person", ru: "Познакомьтесь с вашим менеджером" },
        done: { event: "manager.met" },
        do: { contact: "csm" },
        optional: true,
      },
    ],
  },
} as const;

/** `First export!` → `first-export`: an id to start from; `""` where nothing of the name fits. */
export function idFromName(name: string): string {
  return name
    .normalize("NFC")
    .toLowerCase()
    .replaceAll(/[а-яё]/g, (letter) => LATIN[letter] ?? "")
    .normalize("NFKD")
    .replaceAll(/\p{M}/gu, "")
    .replaceAll(/[^a-z0-9]+/g, "-")
    .replaceAll(/^-+|-+$/g, "")
    .slice(0, 64)
    .replace(/-+$/, "");
}

const LATIN: { readonly [letter: string]: string } = Object.fromEntries(
  "а-a б-b в-v г-g д-d е-e ё-e ж-zh з-z и-i й-y к-k л-l м-m н-n о-o п-p р-r с-s т-t у-u ф-f х-kh ц-ts ч-ch ш-sh щ-shch ъ- ы-y ь- э-e ю-yu я-ya"
    .split(" ")
    .map((pair) => [pair.slice(0, 1), pair.slice(2)]),
);
