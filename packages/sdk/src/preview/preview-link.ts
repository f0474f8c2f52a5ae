/** Name of the token in a link's fragment, and of what the tab remembers it by. */
export const PREVIEW = "cairn-preview";

/** Whether this tab has been opened by a preview link, and the preview has not been left since. */
export function isPreview(window: Window): boolean {
  try {
    return window.location.hash.includes(`${PREVIEW}=`) || !!window.sessionStorage.getItem(PREVIEW);
  } catch {
    // Where nothing may be kept there are no previews.
    return false;
  }
}
