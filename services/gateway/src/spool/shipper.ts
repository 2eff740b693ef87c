import { setTimeout as pause } from 'node:timers/promises'
import { type CommittedAnnouncement, SUBJECTS } from '@patgate/contracts'
import { type Bus, ensureAuditStream, publishEncodedBatch } from '@patgate/event-bus'
import type { Clock } from '@patgate/service-kit'
import type { Batch } from './batch.ts'
import { createPositions } from './positions.ts'
import { askPosition, listenForCommits, sendHeartbeat } from './producer-wire.ts'
import type { Spool } from './spool.ts'
import { createSpoolReader } from './spool-reader.ts'

export interface ShipperOptions {
  readonly spool: Spool
  readonly bus: Bus
  readonly clock: Clock
  readonly onError: (error: unknown) => void
  /** How long events gather for the next batch once everything is sent. */
  readonly lingerMs?: number
  readonly batchesInFlight?: number
  /** Everything that is not stored is sent again when nothing was stored for this long. */
  readonly restartAfterMs?: number
  /** How long the audit service may take to say how far earlier boots are stored. */
  readonly answerWithinMs?: number
  readonly heartbeatEveryMs?: number
  readonly retryAfterMs?: number
}

export interface Shipper {
  /** Sends what is still in the spool, for so long at most, and stops. What is not sent by then stays in the spool. */
  stop(withinMs: number): Promise<void>
}

const DEFAULTS = {
  lingerMs: 50,
  batchesInFlight: 4,
  restartAfterMs: 30_000,
  answerWithinMs: 2_000,
  heartbeatEveryMs: 10_000,
  retryAfterMs: 250
}
const CHECK_EVERY_MS = 1_000

/** Sends the spool to JetStream, oldest first, through every outage, until the audit service has stored it. */
export function startShipping(given: ShipperOptions): Shipper {
  const options = { ...DEFAULTS, ...given }
  const { spool, bus, clock, onError } = options
  const positions = createPositions(clock, options.restartAfterMs)
  const reader = createSpoolReader({ segments: spool.segments, committedOf: positions.committedOf, onError })
  const inFlight = new Set<Promise<void>>()
  const ending = new AbortController()
  const { signal } = ending
  const unanswered = new Set(spool.segments.map(({ boot }) => boot).filter((boot) => boot !== spool.boot))
  let round = 0
  let isStopping = false
  let news = Promise.withResolvers<void>()
  const wake = (): void => news.resolve()

  const waitFor = (ms: number): Promise<void> => pause(ms, undefined, { signal }).catch(() => undefined)

  function onAnnounced({ boot, contiguous_seq }: CommittedAnnouncement): void {
    const isBeyondUs = boot === spool.boot && contiguous_seq > spool.lastSeq
    if (isBeyondUs || !spool.segments.some((segment) => segment.boot === boot)) return
    positions.announced(boot, contiguous_seq)
    spool.committed(boot, contiguous_seq)
    unanswered.delete(boot)
    wake()
  }

  /** Earlier boots are mostly stored already: to know how far is worth a short wait, though not needed. */
  async function askForPositions(): Promise<void> {
    const connection = await bus.connection
    listenForCommits(connection, onAnnounced)
    for (const boot of unanswered) askPosition(connection, { producer: spool.producer, boot })
    const deadlineMs = performance.now() + options.answerWithinMs
    while (unanswered.size > 0 && performance.now() < deadlineMs && !isStopping) {
      await Promise.race([news.promise, waitFor(deadlineMs - performance.now())])
      news = Promise.withResolvers()
    }
  }

  async function ship(): Promise<void> {
    await askForPositions()
    await ensureAuditStream(await bus.connection).catch(onError)
    while (!signal.aborted) {
      if (positions.isStalled()) await restart()
      news = Promise.withResolvers()
      const batch = await reader.next()
      if (batch === null && isStopping) break
      if (batch === null) await news.promise
      else await send(batch)
    }
    await Promise.all(inFlight)
  }

  async function restart(): Promise<void> {
    round += 1
    positions.restarted()
    await reader.rewind()
  }

  async function send(batch: Batch): Promise<void> {
    const sending = publish(batch, round).finally(() => inFlight.delete(sending))
    inFlight.add(sending)
    while (inFlight.size >= options.batchesInFlight) await Promise.race(inFlight)
    const hasCaughtUp = batch.boot === spool.boot && batch.lastSeq >= spool.lastSeq
    if (hasCaughtUp && !isStopping) await waitFor(options.lingerMs)
  }

  /** Sends a batch until JetStream has it, unless everything is sent anew meanwhile. */
  async function publish(batch: Batch, startedIn: number): Promise<void> {
    const { boot, firstSeq, lastSeq, body } = batch
    // The limits are part of the id, and so is the round: JetStream may swallow only what is the same and still there.
    const messageId = `${boot}/${firstSeq}-${lastSeq}/${spool.boot}/${startedIn}`
    while (!signal.aborted && round === startedIn) {
      try {
        if (!bus.isConnected()) throw new Error('the bus is not connected')
        await publishEncodedBatch(await bus.connection, SUBJECTS.auditAccess, body, messageId)
        positions.sent(boot, lastSeq)
        return
      } catch (error) {
        await recoverFrom(error)
      }
    }
  }

  /** The server may have come back without its streams. */
  async function recoverFrom(error: unknown): Promise<void> {
    if (signal.aborted) return
    if (bus.isConnected()) {
      onError(error)
      await ensureAuditStream(await bus.connection).catch(onError)
    }
    await waitFor(options.retryAfterMs)
  }

  async function beat(): Promise<void> {
    if (!bus.isConnected()) return
    const { producer, boot, lastSeq } = spool
    const connection = await bus.connection
    sendHeartbeat(connection, { producer, boot, last_seq: lastSeq })
    for (const waiting of positions.outstanding()) askPosition(connection, { producer, boot: waiting })
  }

  const unsubscribe = spool.onWritten(wake)
  const checking = setInterval(wake, Math.min(CHECK_EVERY_MS, options.restartAfterMs))
  const beating = setInterval(() => void beat().catch(onError), options.heartbeatEveryMs)
  const shipping = ship().catch(onError)

  return {
    async stop(withinMs) {
      isStopping = true
      wake()
      if (bus.isConnected()) await Promise.race([shipping, waitFor(withinMs)])
      ending.abort()
      wake()
      clearInterval(checking)
      clearInterval(beating)
      unsubscribe()
      if (bus.isConnected()) await shipping
      await reader.rewind()
    }
  }
}
