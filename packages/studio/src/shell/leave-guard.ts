/** Asks whether the page may be left; `true` lets the reader go. */
export type LeaveQuestion = () => Promise<boolean>;

/** Stands between the reader and every way out of a page with unsaved work. */
export interface LeaveGuard {
  /** Sets the question, or lets go with `undefined`. */
  ask(question: LeaveQuestion | undefined): void;
  /** Runs `leave` at once, or after the question was answered with yes. */
  pass(leave: () => void): void;
  dispose(): void;
}

/**
 * Watches links, the back button and the closing of the tab. It has to hear a click before the router does,
 * hence the capturing listeners.
 *
 * @param route takes the reader to an address inside the studio
 */
export function createLeaveGuard(window: Window, route: (url: string) => void): LeaveGuard {
  let question: LeaveQuestion | undefined;
  let here = "";

  function pass(leave: () => void): void {
    if (question === undefined) {
      leave();
      return;
    }
    question().then((yes) => {
      if (!yes) return;
      question = undefined;
      leave();
    });
  }
  function onClick(event: MouseEvent): void {
    if (question === undefined || event.button !== 0) return;
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    const link = event.composedPath().find((part) => part instanceof HTMLAnchorElement);
    if (!(link instanceof HTMLAnchorElement) || link.target !== "" || link.origin !== window.location.origin)
      return;
    if (!link.pathname.startsWith("/studio")) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    pass(() => route(link.pathname + link.search));
  }
  function onBack(event: PopStateEvent): void {
    if (question === undefined) return;
    event.stopImmediatePropagation();
    // The browser has already gone back: put this page on top again while the question stands.
    window.history.pushState(null, "", here);
    pass(() => window.history.back());
  }
  function onClose(event: BeforeUnloadEvent): void {
    if (question !== undefined) event.preventDefault();
  }
  window.addEventListener("click", onClick, true);
  window.addEventListener("popstate", onBack, true);
  window.addEventListener("beforeunload", onClose);
  return {
    ask(next) {
      question = next;
      here = window.location.pathname + window.location.search;
    },
    pass,
    dispose() {
      window.removeEventListener("click", onClick, true);
      window.removeEventListener("popstate", onBack, true);
      window.removeEventListener("beforeunload", onClose);
    },
  };
}
