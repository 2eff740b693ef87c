import { randomUUID } from 'node:crypto'
import { openDatabase } from '@patgate/database'
import { systemClock } from '@patgate/service-kit'
import { openServers, type Teardown, type TestServers } from '@patgate/test-kit'
import { sql } from 'kysely'
import { BY_SERVICE } from '../../src/changes/event.ts'
import { commitChange } from '../../src/changes/record-change.ts'
import { renewLease } from '../../src/coherence/lease-rows.ts'
import type { Database, Schema } from '../../src/database/schema.ts'
import { MIGRATED } from '../support/migrated.ts'

export interface Position {
  readonly seq: number
  readonly id: string | null
}

/** A change log on a real database, without a service around it: nobody renews, relays or reaps but the test. */
export interface ChangeLog {
  readonly servers: TestServers
  readonly database: Database
  head(): Promise<Position>
  /** Commits this many changes that touch everybody. */
  commit(count?: number): Promise<Position>
  /** Makes the log this much longer, in one statement. */
  grow(count: number): Promise<void>
  renew(holder: string, applied: Position, options?: RenewOptions): ReturnType<typeof renewLease>
}

export interface RenewOptions {
  readonly database?: Database
  readonly kind?: 'gateway' | 'token-service'
  readonly graceMs?: number
}

export const NOWHERE: Position = { seq: 0, id: null }
const clock = systemClock

export async function openChangeLog(t: Teardown): Promise<ChangeLog> {
  const servers = await openServers(t, MIGRATED)
  const database = openDatabase<Schema>({ url: servers.databaseUrl })
  t.teardown(() => database.destroy())
  const unawaited = { gateways: 0, confirmed: 0, expired: 0, took_ms: 0 }
  const deps = { database, clock, onCommitted: () => undefined, waitInForce: async () => unawaited }
  const change = {
    selector: { all: true as const },
    event: { type: 'token.updated', origin: BY_SERVICE, target: null } as const
  }

  async function head(): Promise<Position> {
    const { seq, change_id } = await database.selectFrom('change_head').selectAll().executeTakeFirstOrThrow()
    return { seq, id: change_id }
  }

  return {
    servers,
    database,
    head,
    async commit(count = 1) {
      const changes = Array.from({ length: count }, () => change)
      await commitChange(deps, async () => ({ result: null, changes }))
      return head()
    },
    async grow(count) {
      await sql`
        with grown as (
          insert into changes (seq, change_id, at, selector, event)
          select head.seq + step, gen_random_uuid(), now(), null, '{}'
          from change_head head, generate_series(1, ${count}::int) step
          returning seq, change_id
        )
        update change_head set (seq, change_id) = (select seq, change_id from grown order by seq desc limit 1)`.execute(
        database
      )
    },
    renew: (holder, { seq, id }, { database: through = database, kind = 'gateway', graceMs = 0 } = {}) =>
      renewLease({ database: through, clock }, holder, {
        name: 'a holder',
        kind,
        applied_seq: seq,
        applied_id: id,
        grace_ms: graceMs
      })
  }
}

export function newHolder(): string {
  return randomUUID()
}
