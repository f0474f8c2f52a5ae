/**
 * Whether a person could see the element once it is scrolled into view: it takes up room and nothing makes it or an
 * ancestor invisible. Being clipped or covered is not looked at.
 */
export function isVisible(element: Element): boolean {
  if (!element.isConnected) return false;
  const { width, height } = element.getBoundingClientRect();
  if (width < 1 || height < 1) return false;
  // Browsers that cannot tell are older than March 2024; there, what takes up room counts as visible.
  return (
    element.checkVisibility?.({
      opacityProperty: true,
      visibilityProperty: true,
      contentVisibilityAuto: true,
    }) ?? true
  );
}

/** Whether the element can be used: neither it nor a fieldset around it is disabled. */
export function isEnabled(element: Element): boolean {
  return !element.matches(":disabled") && element.closest('[aria-disabled="true"],[inert]') === null;
}
