/** One flow of each kind, with all that can be in it. They open by `start`, one at a time. */
const actions = [
  { id: "go", label: "Go on", style: "primary", do: "next" },
  { id: "link", label: "Read more", style: "secondary", do: { link: "https://example.com/more" } },
  { id: "no", label: "Not now", style: "quiet", do: "dismiss" },
];
const media = { type: "image", src: "/picture.svg", alt: "A rising line", width: 320, height: 120 };
const body = "**Filter** first: the `export` keeps it.\n\n- One file\n- [Per month](https://example.com)";
const step = (id: string, more: object = {}) => ({ id, title: `Step ${id}`, body, media, actions, ...more });
const target = { anchor: "export" };
const flow = (kind: string, more: object) => ({
  schemaVersion: 1,
  id: kind,
  kind,
  trigger: { event: "never" },
  ...more,
});

export const KINDS = ["tooltip", "hotspot", "tour", "checklist", "modal", "slideout", "banner"] as const;
export type Kind = (typeof KINDS)[number];

/** Flows of all kinds, with this theme. */
export const flowsOf = (mode: "light" | "dark") =>
  [
    flow("tooltip", { steps: [step("one", { target })] }),
    flow("hotspot", { steps: [step("one", { target })] }),
    flow("tour", { steps: [step("one", { target }), step("two"), step("three", { target })] }),
    flow("checklist", {
      title: "First week",
      items: [
        { id: "one", title: "Send an invoice", body, done: { event: "sent" } },
        { id: "two", title: "Invite a colleague", done: { event: "invited" } },
      ],
    }),
    flow("modal", {
      steps: [
        step("one", { media: { ...media, type: "video", src: "/film.mp4", poster: "/picture.svg" } }),
        step("two"),
      ],
    }),
    flow("slideout", { steps: [step("one"), step("two")] }),
    flow("banner", { steps: [step("one", { media: undefined, placement: "top" })] }),
  ].map((each) => ({ ...each, theme: { mode } }));
