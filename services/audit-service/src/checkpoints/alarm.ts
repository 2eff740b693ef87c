import type { Logger } from '@patgate/service-kit'
import type { AuditMetrics } from '../metrics.ts'
import type { OwnLog } from '../own-events/own-log.ts'
import { serviceEvent } from '../own-events/service-event.ts'
import type { Finding } from './finding.ts'

export interface AlarmDeps {
  readonly ownLog: OwnLog
  readonly metrics: AuditMetrics
  readonly logger: Logger
}

/** Raises `audit.tampered`: an event, a metric and a line in the log, once for each finding. */
export interface Alarm {
  raise(finding: Finding): Promise<void>
}

// Whoever finds so much at once has been told enough; what is behind it is found when the first of it is repaired.
const MOST_FINDINGS = 1_000

export function createAlarm({ ownLog, metrics, logger }: AlarmDeps): Alarm {
  const raised = new Set<string>()
  return {
    async raise({ code, message }) {
      if (raised.has(message) || raised.size >= MOST_FINDINGS) return
      raised.add(message)
      metrics.tampered.inc({ finding: code })
      logger.error({ finding: code, what: message }, 'the audit log was tampered with')
      const details = { finding: code, message }
      await ownLog.record(serviceEvent('audit.tampered', 'failure', details)).catch((err: unknown) => {
        logger.error({ err }, 'the tampering could not be recorded yet; the next event takes it along')
      })
    }
  }
}
