import { useEffect } from "preact/hooks";
import { LocationProvider, Route, Router, useLocation } from "preact-iso";
import { type Store, useStore } from "./model/store.ts";
import { StoreContext } from "./model/store-context.ts";
import { ClientView } from "./pages/client-view.tsx";
import { Home } from "./pages/home.tsx";
import { InvoiceDetail } from "./pages/invoice-detail.tsx";
import { InvoiceNew } from "./pages/invoice-new.tsx";
import { Invoices } from "./pages/invoices.tsx";
import { NotFound } from "./pages/not-found.tsx";
import { PlanPage } from "./pages/plan.tsx";
import { Reports } from "./pages/reports.tsx";
import { Team } from "./pages/team.tsx";
import { Shell } from "./parts/shell.tsx";
import { WordsContext, wordsOf } from "./words/language.ts";

export function App({ store }: { store: Store }) {
  useStore(store);
  const language = store.language();
  useEffect(() => {
    document.documentElement.lang = language;
  }, [language]);
  return (
    <StoreContext.Provider value={store}>
      <WordsContext.Provider value={wordsOf(language)}>
        <LocationProvider scope="/demo">
          <Pages />
        </LocationProvider>
      </WordsContext.Provider>
    </StoreContext.Provider>
  );
}

function Pages() {
  const { path, route } = useLocation();
  // A guidance button that leads to another page stays inside the single-page product.
  useEffect(() => {
    const off = window.cairn?.on("navigate", ((detail: { readonly path?: string }) => {
      if (typeof detail?.path !== "string") return false;
      route(detail.path);
      return true;
    }) as (detail: never) => unknown);
    return () => {
      if (typeof off === "function") off();
    };
  }, [route]);
  if (path.startsWith("/demo/view/")) return <ClientView id={decodeURIComponent(path.slice(11))} />;
  return (
    <Shell>
      <Router>
        <Route path="/demo" component={Home} />
        <Route path="/demo/invoices" component={Invoices} />
        <Route path="/demo/invoices/new" component={InvoiceNew} />
        <Route path="/demo/invoices/:id" component={InvoiceDetail} />
        <Route path="/demo/reports" component={Reports} />
        <Route path="/demo/team" component={Team} />
        <Route path="/demo/billing" component={PlanPage} />
        <Route default component={NotFound} />
      </Router>
    </Shell>
  );
}
