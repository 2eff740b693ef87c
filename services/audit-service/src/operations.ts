import { createOperationsApp, type Metrics } from '@patgate/service-kit'
import { type Kysely, sql } from 'kysely'
import type { AuditDatabase } from './database/schema.ts'

export interface OperationsDeps {
  readonly database: Kysely<AuditDatabase>
  readonly httpMetrics: Metrics
}

/** Health and metrics. NATS is no condition: without it events wait at their producers, and reading goes on. */
export function buildOperationsApp({ database, httpMetrics }: OperationsDeps) {
  const checks = {
    async database() {
      await sql`select 1 from audit_head`.execute(database)
      return true
    }
  }
  return createOperationsApp(checks, httpMetrics)
}
