import { parseDuration } from '@patgate/domain'

const CHOICES = ['10s', '30s', '1m', '5m', '15m', '1h', '3h', '6h', '12h', '1d', '1w'] as const
const MOST_BARS = 100
const A_DAY_MS = 86_400_000

/** The shortest interval that leaves a chart readable. */
export function intervalFor(from: string | undefined, to: string | undefined, now: Date): string {
  const toMs = to === undefined ? now.getTime() : Date.parse(to)
  const fromMs = from === undefined ? toMs - 30 * A_DAY_MS : Date.parse(from)
  return CHOICES.find((choice) => (toMs - fromMs) / (parseDuration(choice) ?? 1) <= MOST_BARS) ?? '1w'
}
