import { useEffect } from "preact/hooks";
import { useStudio } from "../shell/studio-context.ts";
import { AuditPage } from "./audit-page.tsx";
import { KeysPage } from "./keys-page.tsx";
import { TeamPage } from "./team-page.tsx";

const PARTS = ["keys", "team", "audit"] as const;
type Part = (typeof PARTS)[number];

/** What belongs to the server rather than to a flow: its keys, who may sign in, and who changed what. */
export function SettingsPage(props: { readonly part?: string }) {
  const { words, session } = useStudio();
  // Keys and people are for whoever holds a key: no role has them.
  const first: Part = session.type === "key" ? "keys" : "audit";
  const part = PARTS.find((known) => known === props.part) ?? first;
  useEffect(() => {
    document.title = `${words.settings[part]} · ${words.productName}`;
  }, [words, part]);
  return (
    <div class="settings">
      <nav class="parts" aria-label={words.settings.title}>
        {PARTS.map((name) => (
          <a key={name} href={`/studio/settings/${name}`} aria-current={name === part ? "page" : undefined}>
            {words.settings[name]}
          </a>
        ))}
      </nav>
      <div class="part">
        {part === "keys" ? <KeysPage /> : part === "team" ? <TeamPage /> : <AuditPage />}
      </div>
    </div>
  );
}
