import type { AuditEvent, EventFilters } from '@patgate/contracts'
import { useEffect, useState } from 'react'
import { client } from '../api/client.ts'
import { type Gathered, useGathering } from '../ui/gathering.ts'

export type TailState = 'connecting' | 'open' | 'broken' | 'ended'

export interface Tail extends Gathered<AuditEvent> {
  readonly state: TailState
  readonly setPaused: (isPaused: boolean) => void
}

/** More would only be scrolled past; the list below the tail has them all. */
export const MOST_KEPT = 2_000
const OPEN_AGAIN_AFTER_MS = 2_000

/** The log as it grows; null follows nothing. It comes back by itself when the connection breaks. */
export function useTail(filters: EventFilters | null): Tail {
  const { gathering, ...gathered } = useGathering<AuditEvent>(MOST_KEPT)
  const [state, setState] = useState<TailState>('connecting')
  const url = filters === null ? null : client.auditLog.tailUrl(filters)

  useEffect(() => {
    gathering.clear()
    gathering.setPaused(false)
    setState('connecting')
    if (url === null) return
    return follow(url, { onState: setState, onEvent: (event) => gathering.push(event) })
  }, [url, gathering])

  return { ...gathered, state, setPaused: gathering.setPaused }
}

interface Follower {
  readonly onState: (state: TailState) => void
  readonly onEvent: (event: AuditEvent) => void
}

/**
 * Opens the stream, and answers how to close it. A browser goes on by itself where a connection broke, but gives up when it
 * is refused: mostly the session has ended then, so a call finds that out, which has people sign in again.
 */
function follow(url: string, { onState, onEvent }: Follower): () => void {
  let source: EventSource
  let timer = 0
  let isClosed = false
  const open = (): void => {
    source = new EventSource(url)
    source.onopen = () => onState('open')
    source.onmessage = ({ data }) => onEvent(JSON.parse(data) as AuditEvent)
    source.onerror = () => {
      onState('broken')
      if (source.readyState === EventSource.CLOSED) timer = window.setTimeout(openAgain, OPEN_AGAIN_AFTER_MS)
    }
  }
  const openAgain = (): void => {
    client.sessions.current().then(
      () => isClosed || open(),
      () => isClosed || onState('ended')
    )
  }
  open()
  return () => {
    isClosed = true
    window.clearTimeout(timer)
    source.close()
  }
}
