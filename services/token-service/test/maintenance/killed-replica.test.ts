import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { type Teardown, until } from '@patgate/test-kit'
import { sql } from 'kysely'
import { test } from 'tap'
import { eventsOf } from '../support/events.ts'
import { DAY_MS, type Ledger, openLedger } from '../support/ledger.ts'

const EXPIRED = 1_500
const EXPIRING = 1_000

test('a replica that is killed in the middle of its work loses nothing and repeats nothing', async (t) => {
  const ledger = await openLedger(t, Date.now())
  const { deps, addPerson } = ledger
  await addManyTokens(ledger, await addPerson('olga'))

  const first = startReplica(t, ledger)
  await nthCommit(first, 2)
  first.kill('SIGKILL')
  await once(first, 'exit')
  const halfWay = await eventsOf(deps)
  t.ok(halfWay.length > 0)
  t.ok(halfWay.length < EXPIRED + EXPIRING, 'it was in the middle')

  startReplica(t, ledger)
  startReplica(t, ledger)
  await until(async () => (await eventsOf(deps)).length >= EXPIRED + EXPIRING, { timeoutMs: 60_000 })
  const told = (await eventsOf(deps)).map(({ type, target }) => `${type} ${target?.id}`)
  t.equal(new Set(told).size, EXPIRED + EXPIRING)
  t.equal(told.length, EXPIRED + EXPIRING, 'each once')
  const mails = await deps.database.selectFrom('mails').select('id').execute()
  t.equal(mails.length, EXPIRING, 'one mail for each notice')
})

/** Tokens that have expired, and tokens whose owner is to be told. */
async function addManyTokens({ deps }: Ledger, owner: string): Promise<void> {
  await sql`
    insert into tokens (id, owner_id, name, description, created_at, created_by, updated_at, expires_at)
    select gen_random_uuid(), ${owner}::uuid, 'token ' || n, '', now() - interval '30 days', ${owner}::uuid, now(),
      case when n <= ${EXPIRED} then now() - interval '1 minute'
        else now() + ${5 * DAY_MS} * interval '1 millisecond' end
    from generate_series(1, ${EXPIRED + EXPIRING}::int) n`.execute(deps.database)
  await sql`
    insert into secrets (digest, token_id, hint, issued_at)
    select sha256(id::text::bytea), id, 'pat_7Kp3…OIMg', created_at from tokens`.execute(deps.database)
}

function startReplica(t: Teardown, { servers }: Ledger): ChildProcess {
  const program = fileURLToPath(new URL('fixtures/replica.ts', import.meta.url))
  const args = [program, servers.databaseUrl, servers.redisUrl, servers.redisPrefix]
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] })
  t.teardown(() => child.kill('SIGKILL'))
  return child
}

async function nthCommit(child: ChildProcess, n: number): Promise<void> {
  if (child.stdout === null) throw new Error('the replica has no output')
  let commits = 0
  for await (const line of createInterface({ input: child.stdout })) {
    if (line === 'committed') commits++
    if (commits === n) return
  }
  throw new Error('the replica ended by itself')
}
