import { focusedIn } from "./hint-focus.ts";

/** Gives the focus back to where it was before the modal opened, and closes it. */
export type Leave = () => void;

const preventScroll = true;
const FOCUSABLE =
  'a[href],button,input,select,textarea,summary,video[controls],[contenteditable]:not([contenteditable=false]),[tabindex]:not([tabindex="-1"])';

/**
 * Opens the dialog over the page: the browser makes everything else inert, without an attribute on it. The focus goes
 * to the dialog itself, since a key that is being pressed for the page must not press a button here. `before` belongs
 * to the step that was open till now: where the focus came from stays known. `closed` is called where the browser has
 * closed it (a back gesture).
 */
export function enterModal(dialog: HTMLDialogElement, before: Leave | undefined, closed: () => void): Leave {
  const leave = before ?? rememberFocus(dialog.ownerDocument);
  openModal(dialog);
  dialog.onclose = () => {
    // Opened again at once where the layer has moved.
    if (!dialog.open && dialog.isConnected) closed();
  };
  return leave;
}

/** Also for one that has been moved: the browser takes it out of the top layer, but calls it open. */
export function openModal(dialog: HTMLDialogElement): void {
  if (dialog.open) dialog.close();
  dialog.showModal();
  const field = dialog.querySelector<HTMLTextAreaElement>("textarea");
  (field ?? dialog).focus({ preventScroll });
  field?.select();
}

/** Where the opener is gone, the focus goes to what is nearest to where it was, and not to the top of the page. */
function rememberFocus(document: Document): Leave {
  const focused = focusedIn(document);
  const opener = focused === document.body ? null : focused;
  const trail: Element[] = [];
  for (
    let node: Node | null = opener;
    node;
    node = node.parentNode ?? (node as Partial<ShadowRoot>).host ?? null
  )
    if (node.nodeType === 1) trail.push(node as Element);
  return () => {
    opener?.focus({ preventScroll });
    if (!opener || opener.isConnected) return;
    const left = trail.find((one) => one.isConnected);
    for (const one of left?.querySelectorAll<HTMLElement>(FOCUSABLE) ?? []) {
      one.focus({ preventScroll });
      if (focusedIn(document) === one) return;
    }
  };
}

/** Keeps Tab and the key that leads to hints within the topmost of these dialogs. Whether the key was for it. */
export function keyInModal(event: KeyboardEvent, layer: Element, isReachKey: boolean): boolean {
  const dialog = [...layer.querySelectorAll<HTMLDialogElement>("dialog")].at(-1);
  if (!dialog || (event.key !== "Tab" && !isReachKey)) return false;
  const stops = [...dialog.querySelectorAll<HTMLElement>(FOCUSABLE)].filter(
    (one) => one.getClientRects().length > 0,
  );
  const focused = (dialog.getRootNode() as ShadowRoot).activeElement;
  const [first, last] = event.shiftKey ? [stops.at(-1), stops[0]] : [stops[0], stops.at(-1)];
  const isInside = focused !== null && dialog.contains(focused);
  // Within the row the browser knows the way.
  if (!isReachKey && isInside && focused !== last && (focused !== dialog || !event.shiftKey)) return false;
  event.preventDefault();
  event.stopImmediatePropagation();
  ((!isReachKey && first) || dialog).focus({ preventScroll: isReachKey });
  return true;
}
