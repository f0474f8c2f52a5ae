import type { EnvironmentName } from "@cairn/server";
import { useEffect, useState } from "preact/hooks";
import { createApi } from "../api/client.ts";
import { read } from "../api/read.ts";
import { asApiError } from "../api/use-load.ts";
import type { Language } from "../shell/preferences.ts";
import type { Words } from "../text/en.ts";
import { errorText } from "../ui/load-state.tsx";
import { Mark } from "../ui/mark.tsx";
import { Segmented } from "../ui/segmented.tsx";
import { TextField } from "../ui/text-field.tsx";
import { type Session, signInPerson, storedEnvironment } from "./session.ts";

/** Asks who it is, by address and password or by a secret key, and tries it before it lets anyone in. */
export function SignIn(props: {
  readonly words: Words;
  readonly language: Language;
  readonly onLanguage: (language: Language) => void;
  readonly onSignIn: (session: Session) => void;
}) {
  const { words } = props;
  const [way, setWay] = useState<"person" | "key">("person");
  const [email, setEmail] = useState("");
  const [password, setPassword] = useState("");
  const [environment, setEnvironment] = useState<EnvironmentName>(storedEnvironment);
  const [key, setKey] = useState("");
  const [busy, setBusy] = useState(false);
  const [wrong, setWrong] = useState<string | undefined>();
  useEffect(() => {
    document.title = `${words.signIn.title} · ${words.productName}`;
  }, [words]);

  const saidBy = { id: "sign-in-hint", wrong: wrong !== undefined };

  async function withKey(): Promise<string | undefined> {
    const trimmed = key.trim();
    if (trimmed === "") return undefined;
    if (trimmed.startsWith("pk_")) return words.signIn.publicKey;
    const session = { type: "key", key: trimmed, demo: false } as const;
    try {
      await read(createApi(session).v1.settings.$get());
      props.onSignIn(session);
      return undefined;
    } catch (thrown) {
      const error = asApiError(thrown);
      return error.status === 401 || error.status === 403 ? words.signIn.wrong : errorText(error, words);
    }
  }

  async function withPassword(): Promise<string | undefined> {
    if (email.trim() === "" || password === "") return undefined;
    try {
      const session = await signInPerson(email.trim(), password, environment);
      if (session === "wrong") return words.signIn.wrongPerson;
      if (session === "too-often") return words.signIn.tooOften;
      props.onSignIn(session);
      return undefined;
    } catch {
      return words.errors.network;
    }
  }

  async function submit(event: Event) {
    event.preventDefault();
    if (busy) return;
    setBusy(true);
    setWrong(undefined);
    setWrong(await (way === "key" ? withKey() : withPassword()));
    setBusy(false);
  }

  return (
    <main class="sign-in">
      <form onSubmit={submit}>
        <span class="brand">
          <Mark size={28} /> {words.productName}
        </span>
        <h1 class="hidden-visually">{words.signIn.title}</h1>
        <div>
          <Segmented
            label={words.signIn.how}
            value={way}
            options={[
              { value: "person", label: words.signIn.person },
              { value: "key", label: words.signIn.key },
            ]}
            onChange={(next) => {
              setWay(next);
              setWrong(undefined);
            }}
          />
        </div>
        {way === "key" ? (
          <>
            <p class="muted">{words.signIn.text}</p>
            <TextField
              label={words.signIn.key}
              type="password"
              code
              value={key}
              onText={setKey}
              saidBy={saidBy}
            />
          </>
        ) : (
          <>
            <TextField
              label={words.signIn.email}
              type="email"
              autocomplete="username"
              value={email}
              onText={setEmail}
              saidBy={saidBy}
            />
            <TextField
              label={words.signIn.password}
              type="password"
              autocomplete="current-password"
              value={password}
              onText={setPassword}
              saidBy={saidBy}
            />
            <div class="field">
              <label for="environment">{words.signIn.environment}</label>
              <select
                id="environment"
                class="input"
                value={environment}
                onChange={(event) => setEnvironment(event.currentTarget.value as EnvironmentName)}
              >
                {(["development", "staging", "production"] as const).map((name) => (
                  <option key={name} value={name}>
                    {words.signIn.environments[name]}
                  </option>
                ))}
              </select>
            </div>
          </>
        )}
        <div class="field">
          <span id={saidBy.id} class={wrong === undefined ? "hint" : "wrong"} role="status">
            {wrong ?? (way === "key" ? words.signIn.hint : "")}
          </span>
        </div>
        <div class="sign-in-foot">
          <button type="submit" class="button primary" disabled={busy}>
            {busy ? words.signIn.checking : words.signIn.submit}
          </button>
          <Segmented
            small
            label={words.menu.language}
            value={props.language}
            options={[
              { value: "en", label: "English", lang: "en" },
              { value: "ru", label: "Русский", lang: "ru" },
            ]}
            onChange={props.onLanguage}
          />
        </div>
      </form>
    </main>
  );
}
