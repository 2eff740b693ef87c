import { randomUUID } from 'node:crypto'
import type { UsageReport } from '@patgate/contracts'
import { type Bus, ensureUsageStream, publishUsage } from '@patgate/event-bus'
import type { Logger } from '@patgate/service-kit'
import type { UsageCounter } from './usage-counter.ts'
import { type ReportContent, reportContents } from './usage-reports.ts'

export interface UsageReporterOptions {
  /** This gateway's name. */
  readonly name: string
  readonly bus: Bus
  readonly logger: Logger
  readonly counter: UsageCounter
  readonly flushEveryMs?: number
}

/** Sends what was counted to the token services, behind the hot path. */
export interface UsageReporter {
  /** Resolves when everything counted so far is stored. */
  flush(): Promise<void>
  /** Stops, after a last flush where NATS is reachable; what cannot be stored now is given up. */
  close(): Promise<void>
}

const FLUSH_EVERY_MS = 5_000

/**
 * Reports every few seconds, one report at a time and at least once: what could not be stored is sent again unchanged,
 * under the same number, and the token service rolls each number up once. As long as reports wait nothing new is taken
 * from the counter, which is bounded, so an outage of NATS costs no memory. A process that is killed loses what it
 * counted since the last flush; what was decided is in the audit log all the same.
 */
export function startUsageReporter({ name, bus, logger, counter, ...options }: UsageReporterOptions): UsageReporter {
  const boot = randomUUID()
  const waiting: UsageReport[] = []
  let lastFlush = 0
  let isStreamKnown = false
  let sending: Promise<boolean> | null = null

  function number(content: ReportContent): UsageReport {
    lastFlush++
    return { version: 1, gateway: name, boot, flush: lastFlush, ...content }
  }

  async function sendAll(): Promise<boolean> {
    if (waiting.length === 0) waiting.push(...[...reportContents(counter.take())].map(number))
    try {
      for (let report = waiting[0]; report !== undefined; report = waiting[0]) {
        const connection = await bus.connection
        if (!isStreamKnown) await ensureUsageStream(connection)
        isStreamKnown = true
        await publishUsage(connection, report)
        waiting.shift()
      }
      return true
    } catch (error) {
      // The server may have come back without its streams.
      isStreamKnown = false
      logger.warn({ err: error, waiting: waiting.length }, 'usage could not be reported yet')
      return false
    }
  }

  function send(): Promise<boolean> {
    sending ??= sendAll().finally(() => {
      sending = null
    })
    return sending
  }

  const timer = setInterval(() => {
    if (bus.isConnected()) void send()
  }, options.flushEveryMs ?? FLUSH_EVERY_MS)
  timer.unref()

  async function flush(): Promise<void> {
    await sending
    // Twice: reports that waited go first, and what was counted meanwhile after them.
    if (!(await send()) || !(await send())) throw new Error('usage is still waiting to be reported')
  }

  return {
    flush,
    async close() {
      clearInterval(timer)
      if (bus.isConnected()) await flush().catch(() => undefined)
    }
  }
}
