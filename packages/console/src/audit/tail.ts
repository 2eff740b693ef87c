import type { AuditEvent, EventFilters } from '@patgate/contracts'
import { useEffect, useReducer, useRef, useState } from 'react'
import { client } from '../api/client.ts'

export type TailState = 'connecting' | 'open' | 'broken'

interface Tail {
  /** Newest first. */
  readonly events: readonly AuditEvent[]
  readonly state: TailState
  /** How many came since it was paused. */
  readonly waiting: number
  readonly isPaused: boolean
  readonly setPaused: (isPaused: boolean) => void
}

/** More would only be scrolled past; the list below the tail has them all. */
export const MOST_KEPT = 2_000

/**
 * The log as it grows. However many events come, the page is drawn once for each frame of the screen: they are gathered until
 * then. While it is paused they wait, and what is on the screen stays where it is.
 */
export function useTail(filters: EventFilters | null): Tail {
  const gathered = useRef<AuditEvent[]>([])
  const shown = useRef<readonly AuditEvent[]>([])
  const paused = useRef(false)
  const [isPaused, setIsPaused] = useState(false)
  const [state, setState] = useState<TailState>('connecting')
  const [, draw] = useReducer((count: number) => count + 1, 0)
  const url = filters === null ? null : client.auditLog.tailUrl(filters)

  useEffect(() => {
    gathered.current = []
    shown.current = []
    if (url === null) return
    setState('connecting')
    let frame = 0
    const drawSoon = (): void => {
      frame ||= requestAnimationFrame(() => {
        frame = 0
        if (!paused.current) {
          shown.current = [...gathered.current.toReversed(), ...shown.current].slice(0, MOST_KEPT)
          gathered.current = []
        }
        draw()
      })
    }
    const source = new EventSource(url)
    source.onopen = () => setState('open')
    source.onerror = () => setState('broken')
    source.onmessage = ({ data }) => {
      gathered.current.push(JSON.parse(data) as AuditEvent)
      if (gathered.current.length > MOST_KEPT) gathered.current.shift()
      drawSoon()
    }
    return () => {
      source.close()
      cancelAnimationFrame(frame)
    }
  }, [url])

  const setPaused = (wish: boolean): void => {
    paused.current = wish
    if (!wish) {
      shown.current = [...gathered.current.toReversed(), ...shown.current].slice(0, MOST_KEPT)
      gathered.current = []
    }
    setIsPaused(wish)
  }
  return { events: shown.current, state, waiting: gathered.current.length, isPaused, setPaused }
}
