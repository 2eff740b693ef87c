import 'uplot/dist/uPlot.min.css'
import { useComputedColorScheme } from '@mantine/core'
import { useElementSize } from '@mantine/hooks'
import { useEffect, useMemo, useRef, useState } from 'react'
import uPlot from 'uplot'
import { useFormat } from '../i18n/format.ts'
import type { Tone } from '../ui/chip.tsx'
import classes from './bar-chart.module.css'
import { chartOptions } from './chart-options.ts'
import { stack } from './stack.ts'

export interface ChartSeries {
  readonly name: string
  readonly tone: Tone
  readonly counts: readonly number[]
}

interface BarChartProps {
  /** What is shown, for who cannot see it. */
  label: string
  height: number
  /** When each interval begins. */
  times: readonly string[]
  series: readonly ChartSeries[]
  /** Other counts are on their way. */
  isStale?: boolean
  /** Makes a range selectable by dragging; told from when to when, the whole intervals that were touched. */
  onBrush?: (from: string, to: string) => void
}

/** Counts over time, stacked. What the pointer is on is told in words beside the legend. */
export function BarChart({ label, height, times, series, isStale = false, onBrush }: BarChartProps) {
  const { ref, width } = useElementSize()
  const canvas = useRef<HTMLDivElement>(null)
  const scheme = useComputedColorScheme('light')
  const format = useFormat()
  const [place, setPlace] = useState<number | null>(null)
  const brush = useRef(onBrush)
  brush.current = onBrush
  const isBrushed = onBrush !== undefined
  const data = useMemo(() => stack(times, series), [times, series])
  const tones = series.map(({ tone }) => tone).join(' ')

  useEffect(() => {
    if (canvas.current === null || width === 0) return
    const options = chartOptions({
      element: canvas.current,
      size: { width, height },
      scheme,
      format,
      tones: tones.split(' ') as Tone[],
      isBrushed,
      onPlace: setPlace,
      onBrush: (first, last) => {
        const [from, to] = [times[first], endOf(times, last)]
        if (from !== undefined && to !== undefined) brush.current?.(from, to)
      }
    })
    const chart = new uPlot(options, data, canvas.current)
    return () => chart.destroy()
  }, [data, width, height, scheme, format, tones, isBrushed, times])

  const time = place === null ? undefined : times[place]
  return (
    <div ref={ref} className={classes.chart} aria-busy={isStale}>
      <div ref={canvas} role="img" aria-label={`${label}: ${summary(series, format.number)}`} style={{ height }} />
      <div className={classes.legend}>
        {series.map(({ name, tone, counts }) => (
          <span key={name} className={classes.entry} data-tone={tone}>
            {name} <strong className="figures">{format.number(countAt(counts, place))}</strong>
          </span>
        ))}
        <span className={classes.time}>{time === undefined ? '' : format.dateTime(time)}</span>
      </div>
    </div>
  )
}

/** Of one interval, or of all where the pointer is on none. */
function countAt(counts: readonly number[], place: number | null): number {
  return place === null ? counts.reduce((sum, count) => sum + count, 0) : (counts[place] ?? 0)
}

function summary(series: readonly ChartSeries[], number: (count: number) => string): string {
  return series.map(({ name, counts }) => `${name} ${number(countAt(counts, null))}`).join(', ')
}

/** The intervals are equally long, so the last one ends as far behind its beginning as the first does. */
function endOf(times: readonly string[], index: number): string | undefined {
  const [first, second] = [times[0], times[1]]
  const begin = times[index]
  if (begin === undefined || first === undefined || second === undefined) return undefined
  return new Date(Date.parse(begin) + Date.parse(second) - Date.parse(first)).toISOString()
}
