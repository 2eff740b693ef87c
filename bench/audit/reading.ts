import { setTimeout as pause } from 'node:timers/promises'
import { openPool } from '@patgate/database'
import { createMetrics, systemClock } from '@patgate/service-kit'
import { createAuditMetrics } from '../../services/audit-service/src/metrics.ts'
import { storeBatch } from '../../services/audit-service/src/store/store-batch.ts'
import { idOf, storedEvent } from './events.ts'
import type { Place } from './place.ts'

const BATCH = 16_000
const BOOT = '01890000-0000-7000-8000-00000000f111'
/** The events of this many days. */
const DAYS = 30

/** While PostgreSQL inserts one batch, the next is made and hashed. */
const SIDE_BY_SIDE = 2

/** Stores so many events by the service's own code, past the bus, their times spread over a month. */
export async function loadEvents(place: Place, events: number): Promise<number> {
  const writers = openPool({ url: place.servers.databaseUrl })
  const metrics = createAuditMetrics(createMetrics().registry)
  const startMs = Date.now() - DAYS * 86_400_000
  const stepMs = (DAYS * 86_400_000) / events
  const startedAtMs = performance.now()
  let next = 1

  async function loadOn(): Promise<void> {
    while (next <= events) {
      const from = next
      next += BATCH
      const batch = Array.from({ length: Math.min(BATCH, events - from + 1) }, (_, place) =>
        storedEvent(BOOT, from + place, Math.round(startMs + (from + place) * stepMs))
      )
      await storeBatch({ writers, clock: systemClock, metrics }, { events: batch, parked: [] })
      if (((from - 1) / BATCH) % 50 === 0) console.log(`  ${from.toLocaleString('en')} events stored`)
    }
  }

  await Promise.all(Array.from({ length: SIDE_BY_SIDE }, loadOn))
  const perSecond = events / ((performance.now() - startedAtMs) / 1000)
  // What autovacuum would do within a minute.
  await writers.query('vacuum analyze audit_events')
  await writers.end()
  return perSecond
}

export interface Timed {
  readonly name: string
  readonly timesMs: readonly number[]
}

const SAMPLES = 60
const headers = { authorization: 'Bearer whoever' }

async function timed(name: string, call: (index: number) => Promise<unknown>): Promise<Timed> {
  await call(0)
  const timesMs: number[] = []
  for (let index = 1; index <= SAMPLES; index += 1) {
    const startedAtMs = performance.now()
    await call(index)
    timesMs.push(performance.now() - startedAtMs)
  }
  return { name, timesMs }
}

/** Every filter by itself and some together, first pages and later ones, through HTTP. */
export async function timeQueries(url: string): Promise<Timed[]> {
  const get = async (query: string): Promise<{ items: { id: string }[]; next_cursor: string | null }> => {
    const answer = await fetch(`${url}/v1/audit/events?${query}`, { headers })
    if (answer.status !== 200) throw new Error(`${query} answered ${answer.status}: ${await answer.text()}`)
    return (await answer.json()) as never
  }
  const first = await get('limit=500')
  const from = new Date(Date.now() - 20 * 86_400_000).toISOString()
  const to = new Date(Date.now() - 19 * 86_400_000).toISOString()
  const queries: [name: string, query: (index: number) => string][] = [
    ['no filter', () => ''],
    ['the next page', () => `cursor=${first.next_cursor}`],
    ['actor', (index) => `actor=${idOf('person', index * 13)}`],
    ['token', (index) => `token=${idOf('token', index * 13)}`],
    ['group', (index) => `group=group-${index % 50}`],
    ['type', () => 'type=access.denied'],
    ['a type there is none of', () => 'type=token.leaked'],
    ['outcome', () => 'outcome=denied'],
    ['target_type', () => 'target_type=dataset'],
    ['target_id', (index) => `target_id=${index * 17}`],
    ['operation', () => 'operation=delete'],
    ['an operation there is none of', () => 'operation=share'],
    ['address', (index) => `address=198.51.${index % 100}.${index % 100}`],
    ['from and to', () => `from=${from}&to=${to}`],
    ['token, from and to', (index) => `token=${idOf('token', index * 13)}&from=${from}&to=${to}`],
    ['group and outcome', (index) => `group=group-${index % 50}&outcome=denied`],
    ['actor and operation', (index) => `actor=${idOf('person', index * 13)}&operation=update`]
  ]
  const results: Timed[] = []
  for (const [name, query] of queries) results.push(await timed(name, (index) => get(query(index))))
  return results
}

export async function timeProofs(url: string): Promise<Timed> {
  const list = await fetch(`${url}/v1/audit/events?limit=500&to=${new Date(Date.now() - 86_400_000).toISOString()}`, {
    headers
  })
  const { items } = (await list.json()) as { items: { id: string }[] }
  return timed('proof', async (index) => {
    const answer = await fetch(`${url}/v1/audit/events/${items[index * 7]?.id}/proof`, { headers })
    if (answer.status !== 200) throw new Error(`a proof answered ${answer.status}: ${await answer.text()}`)
    return answer.json()
  })
}

/** Until an event that is appended at a gateway is on the screen of somebody who follows. */
export async function timeTail(url: string, append: () => void): Promise<Timed> {
  const closing = new AbortController()
  const stream = await fetch(`${url}/v1/audit/tail?type=access.allowed`, { headers, signal: closing.signal })
  let seen = 0
  const reading = (async () => {
    for await (const part of stream.body?.pipeThrough(new TextDecoderStream()) ?? [])
      seen += part.split('\ndata: ').length - 1
  })().catch(() => undefined)
  const timesMs: number[] = []
  for (let index = 0; index < 20; index += 1) {
    const before = seen
    const startedAtMs = performance.now()
    append()
    while (seen === before && performance.now() - startedAtMs < 10_000) await pause(1)
    timesMs.push(performance.now() - startedAtMs)
  }
  closing.abort()
  await reading
  return { name: 'tail', timesMs }
}
