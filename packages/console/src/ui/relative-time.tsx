import { Tooltip } from '@mantine/core'
import { useEffect, useReducer } from 'react'
import { useFormat } from '../i18n/format.ts'

const REFRESH_MS = 30_000

/** When, as people say it; exactly, when one looks closer: only then is there a tooltip, because a list has hundreds of these. */
export function RelativeTime({ time }: { time: string }) {
  const format = useFormat()
  const [isLookedAt, lookAt] = useReducer(() => true, false)
  useTick()
  const words = (
    <time dateTime={time} onPointerEnter={lookAt}>
      {format.relative(time)}
    </time>
  )
  return isLookedAt ? <Tooltip label={format.exactTime(time)}>{words}</Tooltip> : words
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
