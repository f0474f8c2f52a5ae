import type { ComponentType } from "preact";
import { useLoad } from "../api/use-load.ts";
import { Loaded } from "../ui/load-state.tsx";

/** A page whose code is fetched when it is first opened; until then bones, and on failure a way to retry. */
export function deferred<Props extends object>(
  load: () => Promise<ComponentType<Props>>,
): ComponentType<Props> {
  return function Deferred(props: Props) {
    const page = useLoad(load, []);
    return (
      <Loaded of={{ ...page, value: page.value === undefined ? undefined : { Page: page.value } }} rows={10}>
        {({ Page }) => <Page {...props} />}
      </Loaded>
    );
  };
}
