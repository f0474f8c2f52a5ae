/** Line icons on a 16 px grid. */
const PATHS = {
  close: "M4 4l8 8M12 4l-8 8",
  tick: "M3.5 8.5l3 3 6-7",
  chevron: "M4 6l4 4 4-4",
  lock: "M4 7.5h8v5.5H4zM5.75 7.5V5.25a2.25 2.25 0 014.5 0V7.5",
} as const;

export function Icon({ name }: { readonly name: keyof typeof PATHS }) {
  return (
    <svg class="icon" viewBox="0 0 16 16" aria-hidden="true">
      <path d={PATHS[name]} />
    </svg>
  );
}
