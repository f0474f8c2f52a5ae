import type { SignalPorts, Watcher } from "./signal.ts";

/** `form-error`: a field was refused, by the browser or by the product (`aria-invalid`). Fields refused at once are one signal. */
export function watchFormError({ window, clock, guard, listen, targetsOf, seen }: SignalPorts): Watcher {
  const { document } = window;
  const fields = new Set<Element>();
  let cancel: (() => void) | undefined;
  const refused = (field: EventTarget | null) => {
    if (!(field instanceof window.Element)) return;
    fields.add(field);
    cancel ??= clock.after(0, () => {
      cancel = undefined;
      const targets = [...new Set([...fields].flatMap(targetsOf))];
      fields.clear();
      seen({ name: "form-error", targets });
    });
  };
  const observer = new window.MutationObserver(
    guard((records: readonly MutationRecord[]) => {
      for (const { target, oldValue } of records) {
        const value = (target as Element).getAttribute("aria-invalid") ?? "false";
        // Written again by each redraw of a product, it is still the same refusal.
        if (value !== "false" && value !== "" && (oldValue ?? "false") !== value) refused(target);
      }
    }),
  );
  observer.observe(document, { subtree: true, attributeFilter: ["aria-invalid"], attributeOldValue: true });
  const off = listen(document, "invalid", ({ target }) => refused(target));
  return {
    dispose() {
      off();
      observer.disconnect();
      cancel?.();
    },
  };
}
