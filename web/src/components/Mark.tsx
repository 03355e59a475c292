/** A rope hitched around a bollard. */
export function Mark({ size = 28 }: { size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 32 32" fill="none" strokeWidth="2.4" strokeLinecap="round" aria-hidden="true">
      <path d="M10 6h12M16 6v20M9 27h14" stroke="currentColor" opacity="0.65" />
      <path d="M4 22c6 0 6-5 12-5s7-4 3-5-9 1-9 4 6 5 18 3" stroke="var(--mantine-primary-color-filled)" />
    </svg>
  );
}
