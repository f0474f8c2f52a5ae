/**
 * The key that moves the focus to an open hint, and back to where it was when pressed again. Shift+F8, because it
 * types no character, does not depend on the keyboard layout (Alt+Shift switches layouts in Windows), and neither
 * browsers nor screen readers use it; plain F8 stays with the host, whose toasts often answer to it.
 */
export const REACH_KEY = "Shift+F8";

export function isReachKey(event: KeyboardEvent): boolean {
  return event.key === "F8" && event.shiftKey && !event.ctrlKey && !event.altKey && !event.metaKey;
}
