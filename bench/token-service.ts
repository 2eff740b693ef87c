import { mkdtemp, rm } from 'node:fs/promises'
import { availableParallelism, cpus, loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ListTokensQuery } from '@patgate/contracts'
import { migrateToLatest, openDatabase } from '@patgate/database'
import { startPostgres } from '@patgate/local'
import { systemClock } from '@patgate/service-kit'
import { sql } from 'kysely'
import type { SessionPrincipal } from '../services/token-service/src/authentication/principal.ts'
import { BY_SERVICE } from '../services/token-service/src/changes/event.ts'
import { withoutWaiting } from '../services/token-service/src/changes/patience.ts'
import { type ChangeDeps, commitChange } from '../services/token-service/src/changes/record-change.ts'
import { migrations } from '../services/token-service/src/database/migrations.ts'
import type { Database, Schema } from '../services/token-service/src/database/schema.ts'
import { sweepExpiredTokens } from '../services/token-service/src/expiry/sweep-expired-tokens.ts'
import { resolveToken } from '../services/token-service/src/resolve/resolve-token.ts'
import { listTokens } from '../services/token-service/src/tokens/list-tokens.ts'
import { loadTokens, ownerId, tokenId } from './token-service/load-tokens.ts'
import { measure, percentile, row } from './token-service/measure.ts'

/*
 * One installation with a million tokens: how long lists and resolves take, and how long the sweep of 100,000 expired
 * tokens, while somebody else goes on writing. Real PostgreSQL, a folder of its own, thrown away at the end.
 */
const TOKENS = Number(process.argv[2] ?? 1_000_000)
/** All have the first in their name, nobody the last; the fourth stands in an older part alone. */
const NAMES = ['token', '9', '99', 'ken 7', '999', '999999', 'zz']
const LISTS = 50
const admin = principal(ownerId(1), true)
let written = 0
const directory = await mkdtemp(join(tmpdir(), 'patgate-bench-'))
const postgres = await startPostgres({ directory: join(directory, 'postgres') })
const database = openDatabase<Schema>({ url: postgres.url('postgres') })
try {
  await migrateToLatest(database, migrations)
  const { version } = await one<{ version: string }>(sql`select version()`)
  console.log(`Node ${process.version}, ${version.split(' on ')[0]}, ${availableParallelism()} × ${cpus()[0]?.model}`)
  console.log(`The machine was busy with ${loadavg()[0]?.toFixed(1)} others when it began`)
  const startedAtMs = performance.now()
  await loadTokens(database, TOKENS)
  console.log(
    `${TOKENS.toLocaleString('en')} tokens loaded in ${Math.round((performance.now() - startedAtMs) / 1000)} s`
  )
  await measureResolve()
  await measureBacklog()
  await measureSweep()
  await sql`vacuum analyze tokens`.execute(database)
  await measureLists()
  console.log(`The machine was busy with ${loadavg()[0]?.toFixed(1)} others when it ended`)
} finally {
  await database.destroy()
  await postgres.stop()
  await rm(directory, { recursive: true, force: true })
}

/** Every filter, alone and together with parts of names that all, many, few and none have, and pages far behind. */
async function measureLists(): Promise<void> {
  const deps = { database, clock: systemClock }
  const all: number[] = []
  const worst = { name: '', p95: 0 }
  const list = async (name: string, query: ListTokensQuery, who: SessionPrincipal = admin): Promise<void> => {
    const times = await measure(LISTS, () => listTokens(deps, query, who))
    all.push(...times)
    const p95 = percentile(times, 95)
    if (p95 > worst.p95) Object.assign(worst, { name, p95 })
    console.log(row(`list: ${name}`, times))
  }
  const far = async (query: ListTokensQuery): Promise<ListTokensQuery> => {
    let cursor: string | null = null
    for (let page = 0; page < 30; page++) {
      const from: ListTokensQuery = cursor === null ? query : { ...query, cursor }
      cursor = (await listTokens(deps, { ...from, limit: 100 }, admin)).next_cursor ?? cursor
    }
    return cursor === null ? query : { ...query, cursor }
  }
  await list("one's own, 50 tokens", {}, principal(ownerId(7), false))
  await list("one's own, 10,000 tokens", {}, principal(ownerId(0), false))
  for (const name of ['token', '77', 'zz']) await list(`one's own, "${name}"`, { name }, principal(ownerId(0), false))
  for (const status of ['active', 'expiring', 'expired', 'revoked', 'all'] as const) {
    await list(`all, ${status}`, { owner: '*', status })
    for (const name of NAMES) await list(`all, ${status}, "${name}"`, { owner: '*', status, name })
    await list(`all, ${status}, page 31`, await far({ owner: '*', status }))
    await list(`all, ${status}, "9", page 31`, await far({ owner: '*', status, name: '9' }))
  }
  console.log(`list p95 ${percentile(all, 95).toFixed(1)} ms (goal: under 30 ms)`)
  console.log(`the slowest of the lists, ${worst.name}: p95 ${worst.p95.toFixed(1)} ms (goal: under 30 ms)`)
}

/** A tenth of all tokens has expired and no sweep has come: so many there are after hours without one. */
async function measureBacklog(): Promise<void> {
  const deps = { database, clock: systemClock }
  for (const name of NAMES) {
    const query: ListTokensQuery = { owner: '*', status: 'expired', name }
    const times = await measure(LISTS, () => listTokens(deps, query, admin))
    console.log(row(`beside the goal: expired, "${name}", before the sweep`, times))
  }
}

async function measureResolve(): Promise<void> {
  const deps = { database, clock: systemClock, reuseWatch: { report: () => undefined, close: async () => undefined } }
  const digests = await sql<{ digest: Buffer }>`
    select digest from secrets join tokens on tokens.id = token_id
    where revoked_at is null and expires_at > now() + interval '1 hour' order by digest limit 3000`.execute(database)
  const resolveEach = async (): Promise<number[]> => {
    let next = 0
    return measure(digests.rows.length, async () => {
      const digest = digests.rows[next++ % digests.rows.length]?.digest
      if (digest === undefined) throw new Error('there is no token that is alive')
      const answer = await resolveToken(deps, digest)
      if (!answer.valid) throw new Error('a valid token was refused')
    })
  }
  console.log(row('resolve, the first use of a secret', await resolveEach()))
  const times = await resolveEach()
  console.log(row('resolve', times))
  console.log(`resolve p95 ${percentile(times, 95).toFixed(1)} ms (goal: under 5 ms)`)
}

async function measureSweep(): Promise<void> {
  const deps = changeDeps(database)
  const writer = openDatabase<Schema>({ url: postgres.url('postgres'), poolSize: 1 })
  const alone = await measure(200, () => writeSomething(changeDeps(writer)))
  console.log(row('another write, alone', alone))
  const during: number[] = []
  let isSweeping = true
  const writing = (async () => {
    while (isSweeping) during.push(...(await measure(1, () => writeSomething(changeDeps(writer)))))
  })()
  const startedAtMs = performance.now()
  const swept = await sweepExpiredTokens(deps)
  const seconds = (performance.now() - startedAtMs) / 1000
  isSweeping = false
  await writing
  await writer.destroy()
  console.log(row('another write, during the sweep', during))
  console.log(`sweep of ${swept.toLocaleString('en')} expired tokens ${seconds.toFixed(1)} s (goal: under 60 s)`)
}

/** A change like any other: one token, one event. */
async function writeSomething(deps: ChangeDeps): Promise<void> {
  const id = tokenId(written++ % 1_000)
  await withoutWaiting(() =>
    commitChange(deps, async (transaction) => {
      await transaction.selectFrom('tokens').select('id').where('id', '=', id).forUpdate().execute()
      await transaction
        .updateTable('tokens')
        .set({ description: `change ${written}` })
        .where('id', '=', id)
        .execute()
      const event = { type: 'token.updated' as const, origin: BY_SERVICE, target: { type: 'token', id } }
      return { result: null, changes: [{ selector: null, event }] }
    })
  )
}

function changeDeps(database: Database): ChangeDeps {
  const propagation = { gateways: 0, confirmed: 0, expired: 0, took_ms: 0 }
  return { database, clock: systemClock, onCommitted: () => undefined, waitInForce: async () => propagation }
}

function principal(id: string, admin: boolean): SessionPrincipal {
  const user = { id, email: 'somebody@example.org', name: 'somebody', admin }
  const expiresAt = new Date(Date.now() + 3_600_000).toISOString()
  return { kind: 'session', sessionId: id, via: 'header', expiresAt, user, roles: new Map() }
}

async function one<T>(query: ReturnType<typeof sql<T>>): Promise<T> {
  const [found] = (await query.execute(database)).rows
  if (found === undefined) throw new Error('nothing was found')
  return found
}
