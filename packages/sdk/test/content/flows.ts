import { FLOW_KINDS, type FlowKind } from "../../../flow-schema/src/flow.ts";

/** A flow of this kind with the payload in each of its texts, addresses and theme tokens; what it does is allowed. */
export function payloadFlow(id: string, kind: FlowKind, payload: string): object {
  const text = `${payload} {{user.name | "x"}}`;
  const words = { en: text, [payload.slice(0, 20) || "x"]: text };
  const head = {
    schemaVersion: 1,
    id,
    kind,
    name: payload,
    why: payload,
    owner: payload,
    // Listened to, and never often enough: what is shown is started by hand.
    trigger: { event: payload, atLeast: 40 },
    theme: {
      mode: payload,
      radius: payload,
      font: { family: payload, size: payload },
      spacing: payload,
      shadow: payload,
      motion: payload,
      light: Object.fromEntries(TOKENS.map((token) => [token, payload])),
      dark: Object.fromEntries(TOKENS.map((token) => [token, payload])),
    },
    title: words,
  };
  const deeds = [
    { link: payload },
    { navigate: payload },
    { copy: text },
    { track: payload, properties: { [payload]: payload } },
  ];
  if (kind === "checklist")
    return {
      ...head,
      items: deeds.map((deed, i) => ({
        id: `item-${i}`,
        title: words,
        body: words,
        do: deed,
        done: { event: "never" },
      })),
    };
  const step = (media: string) => ({
    id: media,
    placement: kind === "banner" ? "top" : "center",
    title: words,
    body: words,
    media: {
      type: media,
      src: payload,
      poster: payload,
      captions: { en: payload },
      alt: words,
      width: 40,
      height: 30,
    },
    actions: deeds.map((deed, i) => ({ id: `act-${i}`, label: words, do: deed })),
  });
  return {
    ...head,
    steps: [
      kind === "hotspot"
        ? { ...step("image"), placement: "bottom", target: { anchor: "here" } }
        : step("image"),
    ],
  };
}

/** A flow that points at what the payload names. It is not shown, and nothing breaks. */
export const payloadTarget = (id: string, payload: string): object => ({
  schemaVersion: 1,
  id,
  kind: "tooltip",
  trigger: { element: { fallback: [payload], text: payload }, is: "present" },
  steps: [
    {
      id: "s",
      target: { anchor: payload, fallback: [payload, `a ${payload}`], text: payload, nth: 2 },
      title: "t",
    },
  ],
});

const TOKENS = ["surface", "text", "muted", "accent", "onAccent", "border"];

/** The kinds in turn. */
export const kindOf = (i: number): FlowKind => FLOW_KINDS[i % FLOW_KINDS.length] ?? "tooltip";
