import { useEffect, useState } from "preact/hooks";
import { createApi } from "../api/client.ts";
import { read } from "../api/read.ts";
import { asApiError } from "../api/use-load.ts";
import type { Language } from "../shell/preferences.ts";
import type { Words } from "../text/en.ts";
import { errorText } from "../ui/load-state.tsx";
import { Mark } from "../ui/mark.tsx";
import { Segmented } from "../ui/segmented.tsx";

/** Asks for a secret key and tries it before it lets anyone in. */
export function SignIn(props: {
  readonly words: Words;
  readonly language: Language;
  readonly onLanguage: (language: Language) => void;
  readonly onSignIn: (key: string) => void;
}) {
  const { words } = props;
  const [key, setKey] = useState("");
  const [busy, setBusy] = useState(false);
  const [wrong, setWrong] = useState<string | undefined>();
  useEffect(() => {
    document.title = `${words.signIn.title} · ${words.productName}`;
  }, [words]);

  async function submit(event: Event) {
    event.preventDefault();
    const trimmed = key.trim();
    if (trimmed === "" || busy) return;
    if (trimmed.startsWith("pk_")) {
      setWrong(words.signIn.publicKey);
      return;
    }
    setBusy(true);
    setWrong(undefined);
    try {
      await read(createApi(trimmed).v1.settings.$get());
      props.onSignIn(trimmed);
    } catch (thrown) {
      const error = asApiError(thrown);
      const refused = error.status === 401 || error.status === 403;
      setWrong(refused ? words.signIn.wrong : errorText(error, words));
      setBusy(false);
    }
  }

  return (
    <main class="sign-in">
      <form onSubmit={submit}>
        <span class="brand">
          <Mark size={28} /> {words.productName}
        </span>
        <h1 class="hidden-visually">{words.signIn.title}</h1>
        <p class="muted">{words.signIn.text}</p>
        <div class="field">
          <label for="key">{words.signIn.key}</label>
          <input
            id="key"
            class="input mono"
            type="password"
            autocomplete="off"
            spellcheck={false}
            value={key}
            aria-invalid={wrong !== undefined}
            aria-describedby="key-hint"
            onInput={(event) => setKey(event.currentTarget.value)}
          />
          <span id="key-hint" class={wrong === undefined ? "hint" : "wrong"} role="status">
            {wrong ?? words.signIn.hint}
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
