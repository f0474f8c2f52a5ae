import type { ComponentChildren } from "preact";
import type { Loading } from "../api/use-load.ts";
import { useStudio } from "../shell/studio-context.ts";
import { Empty, Loaded } from "../ui/load-state.tsx";

/** Shows what was loaded; to those who may not see it, who may. */
export function Allowed<T>(props: {
  readonly of: Loading<T>;
  readonly otherwise: string;
  readonly children: (value: T) => ComponentChildren;
}) {
  const { words } = useStudio();
  if (props.of.error?.status === 403)
    return <Empty title={words.settings.notAllowed} text={props.otherwise} />;
  return (
    <Loaded of={props.of} rows={5}>
      {props.children}
    </Loaded>
  );
}
