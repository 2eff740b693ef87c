import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { AuditEvent } from '@patgate/contracts'
import type { Clock } from '@patgate/service-kit'
import type { Pool, PoolClient } from 'pg'
import { from as copyFrom } from 'pg-copy-streams'
import { noteBoots } from '../gaps/note-boots.ts'
import { appendLeaves } from '../merkle/append-leaves.ts'
import { hashLeaves, type StoredKey } from '../merkle/leaf-hashes.ts'
import type { AuditMetrics } from '../metrics.ts'
import { arrivedOf } from './arrived.ts'
import { type ParkedItem, park } from './park.ts'
import { COPY_INCOMING, CREATE_INCOMING, INSERT_NEW, LOCK_HEAD, UPDATE_PROGRESS } from './statements.ts'

const EVENTS_PER_PIECE = 100
/** As parameters these are stored faster than by COPY: what this service tells of itself, and what a quiet gateway sends. */
const FEW = 50

export interface StoreDeps {
  /** Connections for writing only; two suffice, since one writer at a time holds the head of the log. */
  readonly writers: Pool
  readonly clock: Clock
  readonly metrics: AuditMetrics
}

/** What has to be stored together: events that are valid, and what has been refused before. */
export interface Batch {
  readonly events: readonly AuditEvent[]
  readonly parked: readonly ParkedItem[]
}

/** How far a producer's boot is stored without a hole. */
export interface Progress {
  readonly producer: string
  readonly boot: string
  readonly contiguousSeq: number
}

export interface Stored {
  /** Events that were new; the others were stored before. */
  readonly inserted: number
  /** Of every producer and boot that the batch named. */
  readonly progress: readonly Progress[]
}

/**
 * Stores a batch in one transaction: each event exactly once by (producer, boot, seq), with the next leaf indices and
 * without a gap, its leaf in the tree, and the progress of its producers (audit.md, "Durability" 4). When this
 * resolves, it is committed. More than a `few` events come by COPY.
 */
export async function storeBatch(
  { writers, clock, metrics }: StoreDeps,
  batch: Batch,
  few: number = FEW
): Promise<Stored> {
  const leaves = hashLeaves(batch.events)
  const client = await writers.connect()
  try {
    const way = leaves.texts.length > few ? 'copied' : 'given'
    const given = way === 'given' ? [leaves.texts] : []
    await client.query(way === 'given' ? 'begin' : `begin; ${CREATE_INCOMING}`)
    if (way === 'copied') await copyEvents(client, leaves.texts)
    // From here to the commit there is one writer: what this one sees of the log and its progress stays true.
    const head = await client.query<Head>({ ...LOCK_HEAD, values: [new Date(clock.now())] })
    const { size = 0, received_at } = head.rows[0] ?? {}
    const stored = await client.query<StoredKey>({ ...INSERT_NEW[way], values: [size, received_at, ...given] })
    const inserted = stored.rows.length
    await appendLeaves(client, size, stored.rows.map(leaves.of))
    await noteBoots(client, batch.events)
    const parkedKeys = await park(client, batch.parked)
    const { producers, boots, seqs } = arrivedOf(batch.events)
    const progress = await client.query<ProgressRow>({
      ...UPDATE_PROGRESS,
      values: [parkedKeys, producers, boots, seqs]
    })
    await client.query('commit')
    client.release()
    metrics.eventsStored.inc(inserted)
    metrics.parked.inc(batch.parked.length)
    return { inserted, progress: progress.rows.map(toProgress) }
  } catch (error) {
    await giveBack(client)
    throw error
  }
}

interface Head {
  readonly size: number
  readonly received_at: Date
}

interface ProgressRow {
  readonly producer: string
  readonly boot: string
  readonly contiguous_seq: number
}

function toProgress(row: ProgressRow): Progress {
  return { producer: row.producer, boot: row.boot, contiguousSeq: row.contiguous_seq }
}

async function copyEvents(client: PoolClient, texts: readonly string[]): Promise<void> {
  // One piece for many events: each piece costs a turn of the pipeline and two writes to the socket.
  await pipeline(Readable.from(piecesOf(texts)), client.query(copyFrom(COPY_INCOMING)))
}

function* piecesOf(texts: readonly string[]): Generator<string> {
  for (let from = 0; from < texts.length; from += EVENTS_PER_PIECE) {
    yield `${texts.slice(from, from + EVENTS_PER_PIECE).join('\n')}\n`
  }
}

/** A connection that cannot even roll back is destroyed, and with it whatever it had begun. */
async function giveBack(client: PoolClient): Promise<void> {
  try {
    await client.query('rollback')
    client.release()
  } catch (error) {
    client.release(error instanceof Error ? error : true)
  }
}
