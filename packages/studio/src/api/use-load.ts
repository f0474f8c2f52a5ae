import { useCallback, useEffect, useState } from "preact/hooks";
import { ApiError } from "./read.ts";

/** Something on its way from the server. While it is fetched anew the old value stays, so that nothing jumps. */
export interface Loading<T> {
  readonly value: T | undefined;
  readonly error: ApiError | undefined;
  readonly busy: boolean;
  reload(): void;
}

/** Loads when it is mounted and whenever a dependency changes; an answer that was overtaken is dropped. */
export function useLoad<T>(load: () => Promise<T>, dependencies: readonly unknown[]): Loading<T> {
  const [round, setRound] = useState(0);
  const [state, setState] = useState<Omit<Loading<T>, "reload">>({
    value: undefined,
    error: undefined,
    busy: true,
  });
  // Dependencies: the caller names what the loader depends on.
  useEffect(() => {
    let overtaken = false;
    setState((before) => ({ ...before, error: undefined, busy: true }));
    load().then(
      (value) => {
        if (!overtaken) setState({ value, error: undefined, busy: false });
      },
      (thrown: unknown) => {
        if (!overtaken) setState((before) => ({ ...before, error: asApiError(thrown), busy: false }));
      },
    );
    return () => {
      overtaken = true;
    };
  }, [...dependencies, round]);
  const reload = useCallback(() => setRound((n) => n + 1), []);
  return { ...state, reload };
}

/** Anything thrown as the error that pages know how to show. */
export function asApiError(thrown: unknown): ApiError {
  return thrown instanceof ApiError ? thrown : new ApiError(0, "network", String(thrown));
}
