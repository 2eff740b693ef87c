import { openDatabase, prepared } from '@patgate/database'
import { openServers, until } from '@patgate/test-kit'
import { sql } from 'kysely'
import t, { type Test } from 'tap'

async function open(t: Test) {
  const { databaseUrl } = await openServers(t)
  const idleErrors: Error[] = []
  const database = openDatabase<Record<string, never>>({
    url: databaseUrl,
    poolSize: 2,
    onIdleError: (error) => idleErrors.push(error)
  })
  t.teardown(() => database.destroy())
  return { database, idleErrors }
}

t.test('counters are numbers, times are dates, bytes are buffers', async (t) => {
  const { database } = await open(t)
  const { rows } = await sql<Record<string, unknown>>`
    select 9007199254740991::int8 as counter, count(*) as counted, null::int8 as missing,
           '2026-01-31T12:00:00Z'::timestamptz as at, '\\xff00'::bytea as bytes from (values (1), (2)) as v`.execute(
    database
  )
  t.strictSame(rows[0], {
    counter: Number.MAX_SAFE_INTEGER,
    counted: 2,
    missing: null,
    at: new Date('2026-01-31T12:00:00Z'),
    bytes: Buffer.from([255, 0])
  })
})

t.test('a connection that breaks while idle is told and replaced', async (t) => {
  const { database, idleErrors } = await open(t)
  await sql`select 1`.execute(database)
  const { databaseUrl } = await openServers(t)
  const other = openDatabase<Record<string, never>>({ url: databaseUrl })
  t.teardown(() => other.destroy())
  const { rows } = await sql<{ name: string }>`select current_database() as name`.execute(database)
  await sql`select pg_terminate_backend(pid) from pg_stat_activity where datname = ${rows[0]?.name}`.execute(other)
  await until(() => idleErrors.length > 0, { message: 'the break is told' })
  t.same((await sql`select 1 as one`.execute(database)).rows, [{ one: 1 }])
})

t.test('a marked statement is planned once per connection, and found under its name', async (t) => {
  const { database } = await open(t)
  await database.connection().execute(async (connection) => {
    const ask = (number: number) => sql<{ twice: number }>`${prepared('twice')} select ${number}::int * 2 as twice`
    for (const number of [1, 2, 3]) t.same((await ask(number).execute(connection)).rows, [{ twice: number * 2 }])
    const { rows } = await sql`select name, generic_plans + custom_plans as times from pg_prepared_statements`.execute(
      connection
    )
    t.match(rows, [{ name: 'twice', times: 3 }])
  })
})

t.test('one name stands for one text', async (t) => {
  const { database } = await open(t)
  await database.connection().execute(async (connection) => {
    await sql`${prepared('mine')} select 1`.execute(connection)
    await t.rejects(sql`${prepared('mine')} select 2`.execute(connection), /must be unique/)
  })
})
