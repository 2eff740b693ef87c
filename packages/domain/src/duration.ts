/** Milliseconds of each unit of a duration (api.md): `w` is 7 days and `y` 365 days. */
const UNIT_MS: Readonly<Record<string, number>> = {
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 7 * 86_400_000,
  y: 365 * 86_400_000
}

export const DURATION_PATTERN = '^[0-9]{1,9}[smhdwy]$'

// A duration past the year 9999 could not be written as an RFC 3339 time.
const LONGEST_MS = 7_900 * 365 * 86_400_000

/**
 * Reads `<n>` and one of `s m h d w y`, in milliseconds; null when it is not one, is zero, or is longer
 * than a date can hold. Sums such as `1h30m` are refused. `allowZero` is for `overlap`, which may be `0s`.
 */
export function parseDuration(text: string, allowZero = false): number | null {
  const match = /^([0-9]{1,9})([smhdwy])$/.exec(text)
  const unitMs = UNIT_MS[match?.[2] ?? '']
  if (match === null || unitMs === undefined) return null
  const durationMs = Number(match[1]) * unitMs
  if (durationMs > LONGEST_MS) return null
  return durationMs > 0 || allowZero ? durationMs : null
}
