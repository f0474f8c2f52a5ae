import { read } from "../api/read.ts";
import { useLoad } from "../api/use-load.ts";
import { useStudio } from "../shell/studio-context.ts";

/** What the report is broken down by: nothing, segments, or an attribute that has really arrived. */
export function GroupChoice(props: {
  readonly value: string | undefined;
  readonly onChange: (by: string | undefined) => void;
}) {
  const { api, words } = useStudio();
  const { activation } = words;
  const catalog = useLoad(() => read(api.v1.catalog.$get()), [api]);
  const { user = [], account = [] } = catalog.value?.attributes ?? {};
  const known = [...account.map(({ path }) => `account.${path}`), ...user.map(({ path }) => `user.${path}`)];
  const isElse = props.value !== undefined && props.value !== "segment" && !known.includes(props.value);
  return (
    <label class="inline-field">
      <span class="hidden-visually">{activation.by}</span>
      <select
        class="input"
        value={props.value ?? ""}
        onChange={(event) => props.onChange(event.currentTarget.value || undefined)}
      >
        <option value="">{activation.byNone}</option>
        <option value="segment">{activation.bySegment}</option>
        {isElse && <option value={props.value}>{props.value}</option>}
        {account.map(({ path }) => (
          <option key={`account.${path}`} value={`account.${path}`}>
            {activation.accountAttribute(path)}
          </option>
        ))}
        {user.map(({ path }) => (
          <option key={`user.${path}`} value={`user.${path}`}>
            {activation.userAttribute(path)}
          </option>
        ))}
      </select>
    </label>
  );
}
