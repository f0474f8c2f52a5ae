import type { SignalPorts, Watcher } from "./signal.ts";

/** `exit-intent`: the mouse leaves the window at the top, where tabs and addresses are. Once per page; a finger never does. */
export function watchExit({ window, listen, seen }: SignalPorts): Watcher {
  let told = false;
  const dispose = listen(window.document, "mouseout", (event) => {
    const { relatedTarget, clientY } = event as MouseEvent;
    if (told || relatedTarget !== null || clientY > 0) return;
    told = true;
    seen({ name: "exit-intent" });
  });
  return {
    moved() {
      told = false;
    },
    dispose,
  };
}
