/** Line icons on a 16 px grid. */
export const TICK = "M3.5 8.5l3 3 6-7";
export const CHEVRON = "M4 6l4 4 4-4";
export const LOCK = "M4 7.5h8v5.5H4zM5.75 7.5V5.25a2.25 2.25 0 014.5 0V7.5";

export function Icon({ path }: { readonly path: string }) {
  return (
    <svg class="icon" viewBox="0 0 16 16" aria-hidden="true">
      <path d={path} />
    </svg>
  );
}
