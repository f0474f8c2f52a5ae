import { useEffect, useMemo, useState } from "preact/hooks";
import { LocationProvider } from "preact-iso/router";
import { createApi } from "../api/client.ts";
import { forgetSession, keepSession, restoreSession, type Session } from "../session/session.ts";
import { SignIn } from "../session/sign-in.tsx";
import { en } from "../text/en.ts";
import { formatFor } from "../text/format.ts";
import { ru } from "../text/ru.ts";
import { keepPreferences, type Preferences, readPreferences } from "./preferences.ts";
import { Shell } from "./shell.tsx";

/** The studio's composition root: who is signed in, in which language, and everything below. */
export function Root() {
  const [preferences, setPreferences] = useState<Preferences>(() => readPreferences(navigator.languages));
  const [session, setSession] = useState<Session | undefined>();
  const [checked, setChecked] = useState(false);
  const { language, theme } = preferences;
  const words = language === "ru" ? ru : en;
  const format = useMemo(() => formatFor(language, navigator.languages), [language]);
  const api = useMemo(() => (session === undefined ? undefined : createApi(session)), [session]);

  useEffect(() => {
    document.documentElement.lang = language;
    document.documentElement.dataset.theme = theme;
    keepPreferences(preferences);
  }, [language, theme, preferences]);

  useEffect(() => {
    restoreSession().then((restored) => {
      setSession(restored);
      setChecked(true);
    });
  }, []);

  if (!checked) return null;
  if (session === undefined || api === undefined)
    return (
      <SignIn
        words={words}
        language={language}
        onLanguage={(next) => setPreferences({ ...preferences, language: next })}
        onSignIn={(next) => {
          keepSession(next);
          setSession(next);
        }}
      />
    );
  return (
    <LocationProvider scope="/studio">
      <Shell
        api={api}
        words={words}
        format={format}
        preferences={preferences}
        setPreferences={setPreferences}
        session={session}
        setEnvironment={(environment) => {
          if (session.type !== "person") return;
          const next = { ...session, environment };
          keepSession(next);
          setSession(next);
        }}
        signOut={() => {
          forgetSession(session);
          setSession(undefined);
        }}
      />
    </LocationProvider>
  );
}
