import type { ComponentType } from "preact";
import { useLoad } from "../api/use-load.ts";
import { Loaded } from "../ui/load-state.tsx";

/**
 * A page whose code is fetched when it is first opened; until then bones, and on failure a way to retry.
 *
 * @param rows how many rows of bones; 0 where its place is kept by other means
 */
export function deferred<Props extends object>(
  load: () => Promise<ComponentType<Props>>,
  rows = 10,
): ComponentType<Props> {
  return function Deferred(props: Props) {
    const page = useLoad(load, []);
    return (
      <Loaded
        of={{ ...page, value: page.value === undefined ? undefined : { Page: page.value } }}
        rows={rows}
      >
        {({ Page }) => <Page {...props} />}
      </Loaded>
    );
  };
}
