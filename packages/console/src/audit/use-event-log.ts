import type { AuditEvent } from '@patgate/contracts'
import { keepPreviousData, useInfiniteQuery, useQueryClient } from '@tanstack/react-query'
import { useCallback, useEffect, useMemo, useRef, useState } from 'react'
import { rowsOf } from '../api/paged-query.ts'
import { checkpointQuery, eventListQuery } from './audit-queries.ts'
import { type AuditSearch, filtersOnWire } from './audit-search.ts'
import { useTail } from './tail.ts'

/** The events that a search finds, the newest first, with those that come while the log is followed. */
export function useEventLog(search: AuditSearch) {
  const { readings, readAnew } = useReadings(search.live === true)
  const filters = useFilters(search, readings)
  const list = useInfiniteQuery({ ...eventListQuery(filters, readings), placeholderData: keepPreviousData })
  const tail = useTail(search.live ? tailFilters(search) : null)
  useEffect(() => {
    // What was stored between the last reading and the first event that is followed would be missing.
    if (tail.state === 'open') readAnew()
  }, [tail.state, readAnew])
  const { data, isPlaceholderData } = list
  const events = useMemo(() => withoutRepeats([...tail.items, ...rowsOf({ data })]), [tail.items, data])
  return { filters, readings, readAnew, list, tail, events: useHeld(events, isPlaceholderData) }
}

/** How often the log was read: it is read when somebody asks, and then everything about it. */
function useReadings(isLive: boolean) {
  const [readings, setReadings] = useState(0)
  const [wasLive, setWasLive] = useState(isLive)
  if (wasLive !== isLive) {
    // What came while the log was followed stays on the screen, because from now on it is in the list.
    setWasLive(isLive)
    if (!isLive) setReadings(readings + 1)
  }
  const queryClient = useQueryClient()
  const readAnew = useCallback(() => {
    setReadings((count) => count + 1)
    void queryClient.invalidateQueries({ queryKey: checkpointQuery.queryKey })
  }, [queryClient])
  return { readings, readAnew }
}

/** The same object as long as the same is asked; a range that ends now ends when it was asked. */
function useFilters(search: AuditSearch, readings: number) {
  const { event: _event, live: _live, ...asked } = search
  const key = JSON.stringify([asked, readings])
  return useMemo(() => filtersOnWire(JSON.parse(key)[0] as AuditSearch, new Date()), [key])
}

/** What comes from now on is in every range that ends now. */
function tailFilters(search: AuditSearch) {
  const { from: _from, to: _to, ...filters } = filtersOnWire(search, new Date())
  return filters
}

/** What was on the screen stays there until the answer to the next question is. */
function useHeld(events: readonly AuditEvent[], isWaiting: boolean): readonly AuditEvent[] {
  const shown = useRef(events)
  if (!isWaiting) shown.current = events
  return isWaiting && events.length < shown.current.length ? shown.current : events
}

function withoutRepeats<Item extends { readonly id: string }>(items: readonly Item[]): readonly Item[] {
  return [...new Map(items.map((item) => [item.id, item])).values()]
}
