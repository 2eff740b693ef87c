import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { Client } from 'pg'
import { from as copyFrom } from 'pg-copy-streams'
import { storedEvent } from './events.ts'

const ROWS_PER_BATCH = 16_000

/**
 * What PostgreSQL takes by COPY into a temporary table and an insert with `ON CONFLICT DO NOTHING` alone: a row is its
 * key and the event as JSON, in one table with one unique key; no bus, no hashing, no index for any filter.
 */
export async function rowsPerSecondAlone(databaseUrl: string, rows: number): Promise<number> {
  const client = new Client({ connectionString: databaseUrl })
  await client.connect()
  await client.query(
    'create table alone (producer text, boot uuid, seq bigint, event jsonb not null, primary key (producer, boot, seq))'
  )
  await client.query(
    'create temporary table alone_incoming (producer text, boot uuid, seq bigint, event jsonb) on commit delete rows'
  )
  const boot = '01890000-0000-7000-8000-00000000c0b1'
  const batches = Array.from({ length: Math.ceil(rows / ROWS_PER_BATCH) }, (_, batch) => {
    const lines = Array.from({ length: ROWS_PER_BATCH }, (_, place) => {
      const seq = batch * ROWS_PER_BATCH + place + 1
      return `gateway:bench\x02${boot}\x02${seq}\x02${JSON.stringify(storedEvent(boot, seq, Date.now()))}\n`
    })
    return lines.join('')
  })
  const startedAtMs = performance.now()
  for (const text of batches) {
    await client.query('begin')
    const copy = copyFrom(`copy alone_incoming from stdin with (format csv, quote e'\\x01', delimiter e'\\x02')`)
    await pipeline(Readable.from([text]), client.query(copy))
    await client.query('insert into alone select * from alone_incoming on conflict do nothing')
    await client.query('commit')
  }
  const seconds = (performance.now() - startedAtMs) / 1000
  await client.query('drop table alone')
  await client.end()
  return (batches.length * ROWS_PER_BATCH) / seconds
}
