import type { StatsQuery } from '@patgate/contracts'
import { parseDuration } from '@patgate/domain'
import { invalidField } from '@patgate/service-kit'

/** The intervals of a chart: equally long, side by side, from the one that holds `fromMs` on. */
export interface TimeAxis {
  readonly fromMs: number
  /** Exclusive. */
  readonly toMs: number
  readonly interval: string
  readonly intervalMs: number
  /** When each interval begins. */
  readonly startsMs: readonly number[]
}

const DAY_MS = 86_400_000
const MOST_INTERVALS = 1_000
const COMFORTABLE_INTERVALS = 100
const USUAL_INTERVALS = ['1s', '10s', '1m', '5m', '15m', '1h', '6h', '1d', '1w', '30d', '1y'] as const

/** Intervals are counted from here, a Monday, so that weeks are weeks and days are days. */
export const AXIS_ORIGIN_MS = Date.UTC(2001, 0, 1)

/** Lays out what was asked for: a day up to now unless said, in the shortest usual interval that a chart can show. */
export function timeAxis({ from, to, interval }: StatsQuery, nowMs: number): TimeAxis {
  const toMs = to === undefined ? nowMs : Date.parse(to)
  const fromMs = from === undefined ? toMs - DAY_MS : Date.parse(from)
  if (fromMs >= toMs) throw invalidField('/from', 'must be before to')
  const chosen = interval ?? usualInterval(toMs - fromMs)
  const intervalMs = parseDuration(chosen)
  if (intervalMs === null) throw invalidField('/interval', 'must be longer than nothing')
  const firstMs = fromMs - positiveRemainder(fromMs - AXIS_ORIGIN_MS, intervalMs)
  const count = Math.ceil((toMs - firstMs) / intervalMs)
  if (count > MOST_INTERVALS) {
    throw invalidField(
      '/interval',
      `makes ${count} intervals; at most ${MOST_INTERVALS} are counted, so take longer ones`
    )
  }
  const startsMs = Array.from({ length: count }, (_, place) => firstMs + place * intervalMs)
  return { fromMs, toMs, interval: chosen, intervalMs, startsMs }
}

function usualInterval(spanMs: number): string {
  const fitting = USUAL_INTERVALS.find((text) => spanMs / (parseDuration(text) ?? 1) <= COMFORTABLE_INTERVALS)
  return fitting ?? '1y'
}

function positiveRemainder(value: number, divisor: number): number {
  return ((value % divisor) + divisor) % divisor
}
