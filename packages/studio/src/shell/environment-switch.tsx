import type { EnvironmentName } from "@cairn/server";
import { read } from "../api/read.ts";
import { useLoad } from "../api/use-load.ts";
import { ENVIRONMENTS } from "../session/session.ts";
import { useStudio } from "./studio-context.ts";

/** Where one is. People go from one environment to another; a key belongs to one, and only its name is shown. */
export function EnvironmentSwitch() {
  const { session } = useStudio();
  return session.type === "person" ? <Choice current={session.environment} /> : <OfKey />;
}

function Choice(props: { readonly current: EnvironmentName }) {
  const { words, setEnvironment } = useStudio();
  const { label, names } = words.environment;
  return (
    <label class={`environment ${props.current}`}>
      <span class="hidden-visually">{label}</span>
      <select
        value={props.current}
        onChange={(event) => {
          const { currentTarget } = event;
          const next = ENVIRONMENTS.find((name) => name === currentTarget.value);
          // Unsaved work may keep one here: the choice follows the session, not the other way round.
          currentTarget.value = props.current;
          if (next !== undefined) setEnvironment(next);
        }}
      >
        {ENVIRONMENTS.map((name) => (
          <option key={name} value={name}>
            {names[name]}
          </option>
        ))}
      </select>
    </label>
  );
}

function OfKey() {
  const { api, words } = useStudio();
  const config = useLoad(() => read(api.v1.config.$get({ query: {} })), [api]);
  const name = config.value?.environment;
  if (name === undefined) return null;
  const names: Readonly<Record<string, string>> = words.environment.names;
  return (
    <span class={`environment ${name}`}>
      <span class="hidden-visually">{words.environment.label}</span>
      <span>{names[name] ?? name}</span>
    </span>
  );
}
