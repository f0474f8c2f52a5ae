import { createContext } from "preact";
import { useContext } from "preact/hooks";
import { type Books, type Store, useStore } from "./store.ts";

export const StoreContext = createContext<Store | undefined>(undefined);

export function useSaldo(): Store {
  const store = useContext(StoreContext);
  if (store === undefined) throw new Error("Saldo's pages need its store around them");
  return store;
}

export function useBooks(): Books {
  return useStore(useSaldo());
}
