import type { AuditEvent, EventFilters } from '@patgate/contracts'
import { useEffect, useState } from 'react'
import { client } from '../api/client.ts'
import { type Gathered, useGathering } from '../ui/gathering.ts'

export type TailState = 'connecting' | 'open' | 'broken'

export interface Tail extends Gathered<AuditEvent> {
  readonly state: TailState
  readonly setPaused: (isPaused: boolean) => void
}

/** More would only be scrolled past; the list below the tail has them all. */
export const MOST_KEPT = 2_000

/** The log as it grows; null follows nothing. The browser comes back by itself where it was when the connection breaks. */
export function useTail(filters: EventFilters | null): Tail {
  const { gathering, ...gathered } = useGathering<AuditEvent>(MOST_KEPT)
  const [state, setState] = useState<TailState>('connecting')
  const url = filters === null ? null : client.auditLog.tailUrl(filters)

  useEffect(() => {
    gathering.clear()
    gathering.setPaused(false)
    setState('connecting')
    if (url === null) return
    const source = new EventSource(url)
    source.onopen = () => setState('open')
    source.onerror = () => setState('broken')
    source.onmessage = ({ data }) => gathering.push(JSON.parse(data) as AuditEvent)
    return () => source.close()
  }, [url, gathering])

  return { ...gathered, state, setPaused: gathering.setPaused }
}
