/**
 * Whether an event that says this time is rightly marked as outside of the time asked for. The log compares to the
 * microsecond and this to the millisecond, so within one millisecond of a bound either is right.
 */
export function isMarkedRightly(time: string, filters: Readonly<Record<string, string>>, isOutside: boolean): boolean {
  const atMs = Date.parse(time)
  const fromMs = filters.from === undefined ? Number.NEGATIVE_INFINITY : Date.parse(filters.from)
  const toMs = filters.to === undefined ? Number.POSITIVE_INFINITY : Date.parse(filters.to)
  if (Math.abs(atMs - fromMs) <= 1 || Math.abs(atMs - toMs) <= 1) return true
  return isOutside === (atMs < fromMs || atMs >= toMs)
}
