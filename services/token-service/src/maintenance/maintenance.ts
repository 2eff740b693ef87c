import type { Logger, Metrics } from '@patgate/service-kit'
import type { NoticeDeps } from '../expiry/give-expiry-notices.ts'
import { type MailSettings, openMailTransport } from '../mail/mail-transport.ts'
import { createMaintenanceMetrics } from './maintenance-metrics.ts'
import { openMaintenanceQueue } from './maintenance-queue.ts'
import { recurringJobs } from './recurring-jobs.ts'

export interface MaintenanceDeps extends NoticeDeps {
  readonly logger: Logger
  readonly metrics: Metrics
  readonly config: {
    readonly redisUrl: string
    readonly redisPrefix: string
    readonly mail: MailSettings | null
  }
}

/** Starts the recurring work of this replica, with a mail transport of its own where mail is configured. */
export async function startMaintenance(deps: MaintenanceDeps): Promise<{ close(): Promise<void> }> {
  const { database, logger, config } = deps
  const transport = config.mail === null ? null : openMailTransport(config.mail)
  const jobs = recurringJobs(deps, transport === null ? null : { ...deps, transport })
  const metrics = createMaintenanceMetrics(deps.metrics)
  const queue = await openMaintenanceQueue({ ...config, database, logger, metrics, jobs })
  return {
    async close() {
      await queue.close()
      transport?.close()
    }
  }
}
