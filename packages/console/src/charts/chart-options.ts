import uPlot, { type Options } from 'uplot'
import type { Format } from '../i18n/format.ts'
import type { Tone } from '../ui/chip.tsx'

interface ChartOptions {
  /** Whose computed style has the colours. */
  readonly element: HTMLElement
  readonly size: { readonly width: number; readonly height: number }
  readonly scheme: 'light' | 'dark'
  readonly format: Format
  /** Of the series, the lowest first. */
  readonly tones: readonly Tone[]
  readonly isBrushed: boolean
  readonly onPlace: (index: number | null) => void
  readonly onBrush: (first: number, last: number) => void
}

const FILLS: Readonly<Record<'light' | 'dark', Readonly<Record<Tone, string>>>> = {
  light: { green: '#3fa35c', amber: '#d39b1f', gray: '#a3adba', orange: '#e0722f', red: '#dd5a50', blue: '#6272e4' },
  dark: { green: '#4cae69', amber: '#d9a83a', gray: '#5d6775', orange: '#e58249', red: '#e2665c', blue: '#7785ec' }
}
const BAR_SHARE = 0.8
const WIDEST_BAR_PX = 48
const SHORTEST_BRUSH_PX = 4

/** uPlot's options for stacked bars over time. */
export function chartOptions(options: ChartOptions): Options {
  const { size, scheme, format, tones, isBrushed, onPlace, onBrush } = options
  const style = getComputedStyle(options.element)
  const axis = {
    stroke: style.getPropertyValue('--mantine-color-dimmed'),
    grid: { stroke: style.getPropertyValue('--console-line'), width: 1 },
    ticks: { show: false },
    font: `12px ${style.fontFamily}`
  }
  const bars = uPlot.paths.bars?.({ size: [BAR_SHARE, WIDEST_BAR_PX], align: 1, radius: 0.15 })
  return {
    ...size,
    legend: { show: false },
    padding: [8, 8, 0, 0],
    scales: {
      x: { range: (chart, min, max) => [min, max + stepOf(chart)] },
      y: { range: (_chart, _min, max) => [0, Math.max(1, max * 1.05)] }
    },
    axes: [
      {
        ...axis,
        grid: { show: false },
        size: 28,
        values: (_chart, splits, _axis, _space, step) => splits.map((time) => format.axisMark(time * 1000, step * 1000))
      },
      {
        ...axis,
        size: 52,
        values: (_chart, splits) => splits.map((value) => (Number.isInteger(value) ? format.number(value) : ''))
      }
    ],
    series: [
      {},
      ...tones.toReversed().map((tone) => ({
        fill: FILLS[scheme][tone],
        points: { show: false },
        width: 0,
        ...(bars === undefined ? {} : { paths: bars })
      }))
    ],
    cursor: {
      y: false,
      points: { show: false },
      drag: { x: isBrushed, y: false, setScale: false },
      ...(isBrushed ? {} : { bind: { mousedown: () => null } })
    },
    hooks: {
      setCursor: [(chart) => onPlace(chart.cursor.idx ?? null)],
      setSelect: [
        (chart) => {
          const { left, width } = chart.select
          if (width < SHORTEST_BRUSH_PX) return
          onBrush(indexAt(chart, left), indexAt(chart, left + width))
          chart.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false)
        }
      ]
    }
  }
}

/** How long an interval is: the last one has its place too. */
function stepOf({ data: [times] }: uPlot): number {
  return (times[1] ?? 1) - (times[0] ?? 0)
}

/** The bar under a position: the one that begins at or before it. */
function indexAt(chart: uPlot, left: number): number {
  const time = chart.posToVal(left, 'x')
  const times = chart.data[0]
  const after = times.findIndex((begin) => begin > time)
  return Math.max(0, (after === -1 ? times.length : after) - 1)
}
