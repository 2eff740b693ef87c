/** A gate with a keyhole. */
export function Logo({ size = 26 }: { size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 32 32" aria-hidden focusable="false">
      <rect width="32" height="32" rx="8" fill="var(--mantine-color-brand-6)" />
      <path
        d="M8 24V14a8 8 0 0 1 16 0v10"
        fill="none"
        stroke="#fff"
        strokeWidth="2.6"
        strokeLinecap="round"
        strokeLinejoin="round"
      />
      <circle cx="16" cy="15.5" r="2.6" fill="#fff" />
      <path d="M16 17v7" stroke="#fff" strokeWidth="2.6" strokeLinecap="round" />
    </svg>
  )
}
