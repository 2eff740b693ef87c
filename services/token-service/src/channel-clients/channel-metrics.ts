import type { Metrics } from '@patgate/service-kit'
import { Counter, Gauge } from 'prom-client'
import type { Database } from '../database/schema.ts'
import type { ClientProtocol } from './client-request.ts'

/** What tells an operator who is let in, and whether connections can be ended. */
export interface ChannelMetrics {
  countAdmission(protocol: ClientProtocol, outcome: 'admitted' | 'refused' | 'failed'): void
  countKick(reason: string, isGone: boolean): void
}

export function createChannelMetrics(
  { registry }: Metrics,
  database: Database,
  isSystemConnected: () => boolean
): ChannelMetrics {
  const registers = [registry]
  const admissions = new Counter({
    name: 'patgate_channel_admissions_total',
    help: 'MQTT and NATS clients that asked to enter, by protocol and outcome',
    labelNames: ['protocol', 'outcome'],
    registers
  })
  const kicks = new Counter({
    name: 'patgate_channel_kicks_total',
    help: 'Attempts to end a connection whose rights have changed, by reason, and whether it was gone afterwards',
    labelNames: ['reason', 'gone'],
    registers
  })
  new Gauge({
    name: 'patgate_channel_connections',
    help: 'MQTT and NATS clients that are connected, on all servers together',
    registers,
    async collect() {
      const count = await countConnections(database).catch(() => null)
      if (count !== null) this.set(count)
    }
  })
  new Gauge({
    name: 'patgate_channel_system_account_connected',
    help: 'Whether connections can be ended at once (1), or only with their user JWT (0)',
    registers,
    collect() {
      this.set(isSystemConnected() ? 1 : 0)
    }
  })
  return {
    countAdmission: (protocol, outcome) => admissions.inc({ protocol, outcome }),
    countKick: (reason, isGone) => kicks.inc({ reason, gone: String(isGone) })
  }
}

async function countConnections(database: Database): Promise<number> {
  const { count } = await database
    .selectFrom('channel_connections')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow()
  return count
}
