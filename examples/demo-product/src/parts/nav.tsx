import { useLocation } from "preact-iso";
import type { Anchor } from "../anchors.ts";
import { useWords } from "../words/language.ts";

type Section = "home" | "invoices" | "reports" | "team" | "billing";

const SECTIONS: readonly {
  readonly key: Section;
  readonly href: string;
  readonly anchor: Anchor;
  readonly icon: string;
}[] = [
  {
    key: "home",
    href: "/demo/",
    anchor: "nav-home",
    icon: "M3.5 9.2 10 3.8l6.5 5.4v7.3h-4.3v-4.6H7.8v4.6H3.5z",
  },
  {
    key: "invoices",
    href: "/demo/invoices",
    anchor: "nav-invoices",
    icon: "M5 3.5h10v13l-2.5-1.6-2.5 1.6-2.5-1.6L5 16.5zM7.8 7.4h4.4M7.8 10.6h4.4",
  },
  {
    key: "reports",
    href: "/demo/reports",
    anchor: "nav-reports",
    icon: "M4 16.5h12M5.5 13.5V9M10 13.5v-9M14.5 13.5v-6",
  },
  {
    key: "team",
    href: "/demo/team",
    anchor: "nav-team",
    icon: "M7.6 9.4a2.7 2.7 0 1 0 0-5.4 2.7 2.7 0 0 0 0 5.4zM2.8 16c.3-2.7 2.1-4.2 4.8-4.2s4.5 1.5 4.8 4.2M12.8 4.4a2.5 2.5 0 0 1 0 4.8M14.3 12c1.7.5 2.7 1.8 2.9 4",
  },
  {
    key: "billing",
    href: "/demo/billing",
    anchor: "nav-billing",
    icon: "M3 5h14v10.5H3zM3 8.6h14M5.8 12.4h3",
  },
];

export function Nav() {
  const words = useWords();
  const { path } = useLocation();
  return (
    <nav class="nav" aria-label={words.nav.main}>
      {SECTIONS.map(({ key, href, anchor, icon }) => {
        const base = href.replace(/\/$/, "");
        const here = key === "home" ? path === base : path === base || path.startsWith(`${base}/`);
        return (
          <a key={key} href={href} data-cairn={anchor} aria-current={here ? "page" : undefined}>
            <svg viewBox="0 0 20 20" width="20" height="20" aria-hidden="true">
              <path d={icon} />
            </svg>
            <span>{words.nav[key]}</span>
          </a>
        );
      })}
    </nav>
  );
}
