import { openDatabase } from '@patgate/database'
import { type ManualClock, manualClock, openServers, type Teardown, type TestServers } from '@patgate/test-kit'
import { v7 as uuidv7 } from 'uuid'
import type { ChangeDeps } from '../../src/changes/record-change.ts'
import type { NewScope, Schema } from '../../src/database/schema.ts'
import { MIGRATED } from './migrated.ts'

export const NEW_YEAR = Date.UTC(2030, 0, 1)
export const HOUR_MS = 3_600_000
export const DAY_MS = 24 * HOUR_MS

/** A database with tokens in it, and nothing that works by itself: recurring work runs when a test says so. */
export interface Ledger {
  readonly servers: TestServers
  readonly deps: ChangeDeps
  readonly clock: ManualClock
  addPerson(name: string): Promise<string>
  addBot(group: string, name: string): Promise<string>
  addGroup(slug: string, policy?: object): Promise<void>
  addMember(group: string, userId: string, role: Schema['memberships']['role']): Promise<void>
  /** Answers the token's id; it is issued at the present time of the clock. */
  addToken(ownerId: string, fields?: NewToken): Promise<string>
}

export interface NewToken {
  readonly name?: string
  readonly expiresInMs?: number | null
  readonly revoked?: boolean
  readonly scopes?: readonly Omit<NewScope, 'id' | 'token_id'>[]
}

export async function openLedger(t: Teardown, startMs = NEW_YEAR): Promise<Ledger> {
  const servers = await openServers(t, MIGRATED)
  const database = openDatabase<Schema>({ url: servers.databaseUrl })
  t.teardown(() => database.destroy())
  const clock = manualClock(startMs)
  const nobody = { gateways: 0, confirmed: 0, expired: 0, took_ms: 0 }
  const deps: ChangeDeps = { database, clock, onCommitted: () => undefined, waitInForce: async () => nobody }
  const now = () => new Date(clock.now())

  async function addUser(fields: Pick<Schema['users'], 'kind' | 'name'> & { home_group?: string }): Promise<string> {
    const id = uuidv7()
    const email = `${fields.name}@example.org`
    await database
      .insertInto('users')
      .values({
        id,
        email,
        admin: false,
        disabled_at: null,
        password_hash: null,
        created_at: now(),
        updated_at: now(),
        ...fields
      })
      .execute()
    return id
  }

  return {
    servers,
    deps,
    clock,
    addPerson: (name) => addUser({ kind: 'human', name }),
    addBot: (group, name) => addUser({ kind: 'bot', name, home_group: group }),
    async addGroup(slug, policy = {}) {
      const row = { slug, name: slug, created_at: now(), created_by: uuidv7(), policy: JSON.stringify(policy) }
      await database.insertInto('groups').values(row).execute()
    },
    async addMember(group, userId, role) {
      await database
        .insertInto('memberships')
        .values({ group_slug: group, user_id: userId, role, since: now() })
        .execute()
    },
    async addToken(ownerId, { name = 'a token', expiresInMs = 30 * DAY_MS, revoked = false, scopes = [] } = {}) {
      const id = uuidv7()
      await database
        .insertInto('tokens')
        .values({
          id,
          owner_id: ownerId,
          name,
          description: '',
          access_level: null,
          created_at: now(),
          created_by: ownerId,
          updated_at: now(),
          expires_at: expiresInMs === null ? null : new Date(clock.now() + expiresInMs),
          self_rotate: false,
          allowed_addresses: [],
          rate_limit_requests: null,
          rate_limit_per_seconds: null,
          ...(revoked ? { revoked_at: now(), revoked_reason: 'owner' as const } : {})
        })
        .execute()
      const digest = Buffer.from(id.replaceAll('-', '').repeat(2), 'hex')
      await database
        .insertInto('secrets')
        .values({ digest, token_id: id, hint: 'pat_7Kp3…OIMg', issued_at: now() })
        .execute()
      for (const scope of scopes) {
        await database
          .insertInto('scopes')
          .values({ id: uuidv7(), token_id: id, ...scope })
          .execute()
      }
      return id
    }
  }
}
