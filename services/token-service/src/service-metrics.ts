import type { Metrics } from '@patgate/service-kit'
import { sql } from 'kysely'
import { Gauge } from 'prom-client'
import type { Database } from './database/schema.ts'

/** What the token service tells beside its requests. */
export function createServiceMetrics({ registry }: Metrics, database: Database): void {
  const registers = [registry]
  // Asked of the database when somebody scrapes; while that fails, the last values stand.
  new Gauge({
    name: 'patgate_relay_waiting_events',
    help: 'Events of the change log that JetStream has not stored yet',
    registers,
    async collect() {
      const count = await waitingEvents(database).catch(() => null)
      if (count !== null) this.set(count)
    }
  })
  new Gauge({
    name: 'patgate_relay_lag_seconds',
    help: 'Age of the oldest event that JetStream has not stored yet; 0 when there is none',
    registers,
    async collect() {
      const seconds = await relayLagSeconds(database).catch(() => null)
      if (seconds !== null) this.set(seconds)
    }
  })
}

async function waitingEvents(database: Database): Promise<number> {
  const { count } = await database
    .selectFrom('changes')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .where('relayed_at', 'is', null)
    .executeTakeFirstOrThrow()
  return count
}

async function relayLagSeconds(database: Database): Promise<number> {
  const { seconds } = await database
    .selectFrom('changes')
    .select(sql<number>`coalesce(greatest(extract(epoch from now() - min(at)), 0), 0)::float8`.as('seconds'))
    .where('relayed_at', 'is', null)
    .executeTakeFirstOrThrow()
  return seconds
}
