/** Name of the token in a link's fragment, of what the tab remembers it by, and of the browser's note that there are such tabs. */
export const PREVIEW = "cairn-preview";

/** Whether this tab has been opened by a preview link, and the preview has not been left since. */
export function isPreview(window: Window): boolean {
  try {
    // The first look into a storage keeps the page waiting: into the tab's own only where this browser has had previews.
    return (
      window.location.hash.includes(`${PREVIEW}=`) ||
      (!!window.localStorage.getItem(PREVIEW) && !!window.sessionStorage.getItem(PREVIEW))
    );
  } catch {
    // Where nothing may be kept there are no previews.
    return false;
  }
}
