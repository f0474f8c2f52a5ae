import { useCallback, useEffect, useMemo, useRef, useState } from "preact/hooks";
import { Route, Router, useLocation } from "preact-iso/router";
import { FlowsPage } from "../flows/flows-page.tsx";
import { Empty } from "../ui/load-state.tsx";
import { Mark } from "../ui/mark.tsx";
import { deferred } from "./deferred.tsx";
import { EnvironmentSwitch } from "./environment-switch.tsx";
import { createLeaveGuard } from "./leave-guard.ts";
import { Menu } from "./menu.tsx";
import { StopBanner, StopSwitch, useGuidance } from "./stop-switch.tsx";
import { type Studio, StudioContext, useStudio } from "./studio-context.ts";

const FlowPage = deferred(() => import("../flows/flow-page.tsx").then((page) => page.FlowPage));
const ActivationPage = deferred(() =>
  import("../reports/activation-page.tsx").then((page) => page.ActivationPage),
);
const FunnelsPage = deferred(() => import("../reports/funnels-page.tsx").then((page) => page.FunnelsPage));
const PeoplePage = deferred(() => import("../reports/people-page.tsx").then((page) => page.PeoplePage));
const SettingsPage = deferred(() =>
  import("../settings/settings-page.tsx").then((page) => page.SettingsPage),
);

/** How long a message stays in the corner. */
const TOAST_MS = 4000;

/** Header, sections and the page in front. */
export function Shell(props: Omit<Studio, "announce" | "guardLeaving" | "go" | "mayPublish">) {
  const { api, words, format, preferences, setPreferences, session, signOut, setEnvironment } = props;
  const { path, route } = useLocation();
  const [toast, setToast] = useState("");
  const main = useRef<HTMLElement>(null);
  const navigate = useRef(route);
  navigate.current = route;
  const guard = useMemo(() => createLeaveGuard(window, (url) => navigate.current(url)), []);
  const guidance = useGuidance(api);

  useEffect(() => () => guard.dispose(), [guard]);
  useEffect(() => {
    if (toast === "") return;
    const timer = setTimeout(() => setToast(""), TOAST_MS);
    return () => clearTimeout(timer);
  }, [toast]);

  const studio = useMemo<Studio>(
    () => ({
      api,
      words,
      format,
      preferences,
      setPreferences,
      session,
      mayPublish: session.type === "key" || session.role === "publisher",
      setEnvironment: (environment) =>
        guard.pass(() => {
          // What is in front may not exist there; the list of flows does.
          if (location.pathname.startsWith("/studio/flows/")) navigate.current("/studio/");
          setEnvironment(environment);
          setToast(words.environment.switched(words.environment.names[environment]));
        }),
      signOut: () => guard.pass(signOut),
      announce: setToast,
      guardLeaving: (question) => guard.ask(question),
      go: (url) => guard.pass(() => navigate.current(url)),
    }),
    [api, words, format, preferences, setPreferences, session, signOut, setEnvironment, guard],
  );

  // Only a change of page moves the focus, not the first paint.
  const first = useRef(true);
  const onRouteChange = useCallback(() => {
    if (first.current) {
      first.current = false;
      return;
    }
    window.scrollTo(0, 0);
    main.current?.focus({ preventScroll: true });
  }, []);

  useEffect(() => {
    // On a phone the sections scroll sideways.
    const current = document.querySelector('.nav [aria-current="page"]');
    current?.scrollIntoView({ block: "nearest", inline: "center" });
  }, [path, words]);

  const sections = [
    {
      href: "/studio/",
      label: words.nav.flows,
      here: path === "/studio" || path.startsWith("/studio/flows"),
    },
    { href: "/studio/activation", label: words.nav.activation, here: path.startsWith("/studio/activation") },
    { href: "/studio/funnels", label: words.nav.funnels, here: path.startsWith("/studio/funnels") },
    { href: "/studio/people", label: words.nav.people, here: path.startsWith("/studio/people") },
    {
      href: "/studio/settings",
      label: words.nav.settings,
      here: path.startsWith("/studio/settings"),
    },
  ];
  return (
    <StudioContext.Provider value={studio}>
      <a class="button primary skip" href="#main">
        {words.skip}
      </a>
      <div class="shell">
        <header class="top">
          <a class="brand" href="/studio/" aria-label={words.productName}>
            <Mark size={20} />
            <span>
              Cairn <small>Studio</small>
            </span>
          </a>
          <EnvironmentSwitch />
          <nav class="nav" aria-label={words.nav.label}>
            {sections.map(({ href, label, here }) => (
              <a key={href} href={href} aria-current={here ? "page" : undefined}>
                {label}
              </a>
            ))}
          </nav>
          <div class="top-end">
            <StopSwitch guidance={guidance} />
            <Menu />
          </div>
        </header>
        <StopBanner guidance={guidance} />
        <main class="main" id="main" tabIndex={-1} ref={main}>
          <Router onRouteChange={onRouteChange}>
            <Route path="/studio" component={FlowsPage} />
            <Route path="/studio/flows" component={FlowsPage} />
            <Route path="/studio/flows/:id" component={FlowPage} />
            <Route path="/studio/activation" component={ActivationPage} />
            <Route path="/studio/funnels" component={FunnelsPage} />
            <Route path="/studio/people" component={PeoplePage} />
            <Route path="/studio/settings" component={SettingsPage} />
            <Route path="/studio/settings/:part" component={SettingsPage} />
            <Route default component={NotFound} />
          </Router>
        </main>
      </div>
      <div class="toast" role="status">
        {toast}
      </div>
    </StudioContext.Provider>
  );
}

function NotFound() {
  const { words } = useStudio();
  return (
    <Empty title={words.common.notFound} text={words.errors.missing}>
      <a class="button" href="/studio/">
        {words.common.backToFlows}
      </a>
    </Empty>
  );
}
