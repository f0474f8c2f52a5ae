import { useLocation } from "preact-iso/router";

/** The address's parameters, so that what one looks at can be sent to a colleague. */
export function useQuery(): readonly [
  Readonly<Record<string, string>>,
  (change: Readonly<Record<string, string | undefined>>) => void,
] {
  const { path, query, route } = useLocation();
  return [
    query,
    (change) => {
      const next = new URLSearchParams(query);
      for (const [name, value] of Object.entries(change)) {
        if (value === undefined || value === "") next.delete(name);
        else next.set(name, value);
      }
      const search = next.toString();
      route(search === "" ? path : `${path}?${search}`, true);
    },
  ];
}
