import type { AlignedData } from 'uplot'
import type { ChartSeries } from './bar-chart.tsx'

/** Seconds, and for each series the sum of itself and those below it: the last one is drawn first, the others over it. */
export function stack(times: readonly string[], series: readonly ChartSeries[]): AlignedData {
  const sums: number[][] = []
  for (const { counts } of series) {
    const below = sums.at(-1)
    sums.push(times.map((_, index) => (counts[index] ?? 0) + (below?.[index] ?? 0)))
  }
  return [times.map((time) => Date.parse(time) / 1000), ...sums.toReversed()]
}
