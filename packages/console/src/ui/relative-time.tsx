import { Tooltip } from '@mantine/core'
import { useEffect, useReducer } from 'react'
import { useFormat } from '../i18n/format.ts'

const REFRESH_MS = 30_000

/** When, as people say it; exactly, when one looks closer. */
export function RelativeTime({ time }: { time: string }) {
  const format = useFormat()
  useTick()
  return (
    <Tooltip label={format.exactTime(time)}>
      <time dateTime={time}>{format.relative(time)}</time>
    </Tooltip>
  )
}

/** "2 minutes ago" must not stand there for an hour. One clock for all that are shown. */
function useTick(): void {
  const [, tick] = useReducer((count: number) => count + 1, 0)
  useEffect(() => {
    tickers.add(tick)
    return () => void tickers.delete(tick)
  }, [])
}

const tickers = new Set<() => void>()
setInterval(() => {
  for (const tick of tickers) tick()
}, REFRESH_MS)
