/** Cairn's mark: three stones. */
export function Mark(props: { readonly size: number }) {
  return (
    <svg width={props.size} height={props.size} viewBox="0 0 20 20" fill="currentColor" aria-hidden="true">
      <path d="M8.2 2.4c1.5-.6 3.400-.2 4 .8.5.9-.3 2-1.7 2.200-1.600.3-3.500.2-3.800-.9-.2-.9.5-1.700 1.500-2.100z" />
      <path d="M6 7.200c2.200-.7 6.300-.7 8 .3 1.200.7.9 2.300-.4 2.900-1.900.8-6.200.9-8 0-1.300-.7-1.100-2.600.4-3.200z" />
      <path d="M3.600 12.300c3.100-.8 9.700-.9 12.800 0 1.900.6 2.100 3.900.1 4.500-3.200 1-10.400 1-13.200 0-1.900-.7-1.700-4 .3-4.500z" />
    </svg>
  );
}
