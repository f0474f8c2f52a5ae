import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import { useBooks } from "../model/store-context.ts";
import { longDate, shortDate, useWords } from "../words/language.ts";
import { ContactPanel } from "./contact-panel.tsx";
import { DemoBar } from "./demo-bar.tsx";
import { Nav } from "./nav.tsx";
import { PersonMenu } from "./person-menu.tsx";
import { WhyPanel } from "./why-panel.tsx";

/** Everything around a page: the demo's strip, navigation, who is signed in. */
export function Shell({ children }: { children: ComponentChildren }) {
  const words = useWords();
  const { account } = useBooks();
  const [why, setWhy] = useState(false);
  const plan = words.plan[account.plan];
  return (
    <>
      <a class="skip" href="#content">
        {words.common.skip}
      </a>
      <DemoBar whyOpen={why} onWhy={() => setWhy(!why)} />
      <div class="frame">
        <header class="top">
          <a class="brand" href="/demo/">
            <svg viewBox="0 0 32 32" width="26" height="26" aria-hidden="true">
              <rect width="32" height="32" rx="7" />
              <path d="M8 12.5h16M8 19.5h10" />
            </svg>
            <span>Saldo</span>
          </a>
          <p class="firm">{account.name}</p>
          <a class="plan-badge" href="/demo/billing" data-cairn="plan-badge">
            {account.trialEndsAt !== undefined && account.plan === "trial" ? (
              <>
                <span class="long">{words.plan.trialUntil(longDate(words, account.trialEndsAt))}</span>
                <span class="short">{words.plan.trialShort(shortDate(words, account.trialEndsAt))}</span>
              </>
            ) : (
              plan
            )}
          </a>
          <PersonMenu />
        </header>
        <Nav />
        <main id="content" tabIndex={-1}>
          {children}
        </main>
      </div>
      <ContactPanel />
      <WhyPanel open={why} onClose={() => setWhy(false)} />
    </>
  );
}
