import { USAGE_STREAM, UsageReport } from '@patgate/contracts'
import { type Bus, consumeDurably, ensureUsageStream, type JsMsg } from '@patgate/event-bus'
import type { Logger, Metrics } from '@patgate/service-kit'
import { Compile } from 'typebox/compile'
import { recordLastUse } from './record-last-use.ts'
import { type RollUpDeps, rollUp } from './roll-up.ts'
import { createUsageMetrics } from './usage-metrics.ts'

export interface UsageRollUpOptions extends RollUpDeps {
  readonly bus: Bus
  readonly logger: Logger
  readonly metrics: Metrics
}

const BATCH_REPORTS = 100
const reportSchema = Compile(UsageReport)

/** Takes usage reports from JetStream into the database, until it is stopped. Replicas share the work. */
export function startUsageRollUp(options: UsageRollUpOptions): { stop(): Promise<void> } {
  const { database, bus, logger, metrics } = options
  const { countReports } = createUsageMetrics(metrics)
  const stopping = new AbortController()

  async function onMessages(messages: readonly JsMsg[]): Promise<void> {
    const reports = messages.map(reportIn).filter((report) => report !== null)
    const stored = await rollUp(options, reports)
    // After the counts have committed: it may be repeated, and waits for nobody.
    await recordLastUse(database, reports)
    countReports('stored', stored)
    countReports('repeated', reports.length - stored)
  }

  /** What is no report is told of and left: it would be none the next time either. */
  function reportIn(message: JsMsg): UsageReport | null {
    const report = parse(message)
    if (reportSchema.Check(report)) return report
    countReports('refused', 1)
    logger.warn({ seq: message.seq }, 'something that is no usage report was left aside')
    return null
  }

  const running = consumeDurably({
    bus,
    stream: USAGE_STREAM.name,
    consumer: USAGE_STREAM.consumer,
    ensureStream: ensureUsageStream,
    batchSize: BATCH_REPORTS,
    onMessages,
    onError: (error) => logger.warn({ err: error }, 'usage could not be rolled up yet'),
    signal: stopping.signal
  })
  return {
    async stop() {
      stopping.abort()
      await running
    }
  }
}

function parse(message: JsMsg): unknown {
  try {
    return message.json()
  } catch {
    return null
  }
}
