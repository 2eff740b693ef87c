import { andCommit, openDatabase, prepared } from '@patgate/database'
import { openServers, until } from '@patgate/test-kit'
import { type Kysely, sql } from 'kysely'
import pg from 'pg'
import t, { type Test } from 'tap'
import { pipelinedPool } from '../src/pipelined-pool.ts'

async function open(t: Test, url?: string): Promise<Kysely<unknown>> {
  const database = openDatabase<unknown>({ url: url ?? (await openServers(t)).databaseUrl })
  t.teardown(() => database.destroy())
  await sql`create table if not exists notes (note text primary key)`.execute(database)
  return database
}

const insert = (note: string) => sql`insert into notes values (${note})`
const insertLast = (note: string) => sql`${prepared('insert-last')} ${andCommit()} insert into notes values (${note})`

async function isKept(database: Kysely<unknown>, note: string): Promise<boolean> {
  const { rows } = await sql`select from notes where note = ${note}`.execute(database)
  return rows.length === 1
}

t.test('all of a transaction is kept, or nothing', async (t) => {
  const database = await open(t)
  await database.transaction().execute(async (transaction) => {
    await insert('one').execute(transaction)
    await insert('two').execute(transaction)
  })
  t.ok(await isKept(database, 'two'))
  const broken = database.transaction().execute(async (transaction) => {
    await insert('three').execute(transaction)
    await insert('one').execute(transaction)
  })
  await t.rejects(broken, { code: '23505' })
  t.notOk(await isKept(database, 'three'))
})

t.test('the commit goes out with the statement that is marked as the last', async (t) => {
  const database = await open(t)
  await database.transaction().execute(async (transaction) => {
    await insert('before').execute(transaction)
    t.notOk(await isKept(database, 'before'))
    await insertLast('last').execute(transaction)
    await until(() => isKept(database, 'last'), { message: 'kept, although nobody has asked for the commit' })
    t.ok(await isKept(database, 'before'))
    await t.rejects(insert('after').execute(transaction), /after the last one of its transaction/)
  })
  t.notOk(await isKept(database, 'after'))
})

t.test('a last statement that fails takes everything before it along, and the connection goes on', async (t) => {
  const database = await open(t)
  await insert('there').execute(database)
  for (let time = 0; time < 20; time++) {
    const failing = database.transaction().execute(async (transaction) => {
      await insert(`lost ${time}`).execute(transaction)
      await insertLast('there').execute(transaction)
    })
    await t.rejects(failing, { code: '23505' })
    t.notOk(await isKept(database, `lost ${time}`))
  }
  await database.transaction().execute((transaction) => insertLast('found').execute(transaction))
  t.ok(await isKept(database, 'found'))
})

t.test('a transaction that is given up before its last statement leaves nothing', async (t) => {
  const database = await open(t)
  const given = database.transaction().execute(async (transaction) => {
    await insert('given up').execute(transaction)
    throw new Error('given up')
  })
  await t.rejects(given, /given up/)
  const atOnce = database.transaction().execute(() => Promise.reject(new Error('given up at once')))
  await t.rejects(atOnce, /given up at once/)
  t.notOk(await isKept(database, 'given up'))
})

t.test('where the transaction does not begin, nothing that writes goes out', async (t) => {
  const { databaseUrl } = await openServers(t)
  const database = await open(t, databaseUrl)
  const pool = pipelinedPool(new pg.Pool({ connectionString: databaseUrl, pipeline: true } as pg.PoolConfig))
  t.teardown(() => pool.end())
  const client = await pool.connect()
  t.teardown(() => client.release())
  for (const mark of ['', '/* and commit */ ']) {
    await client.query('start transaction isolation level nonsense', [])
    await t.rejects(client.query(`${mark}insert into notes values ('alone')`, []), { code: '42601' })
    await client.query('rollback', [])
    t.notOk(await isKept(database, 'alone'))
  }
})

t.test('what reads goes out with the beginning, and sees what its transaction sees', async (t) => {
  const database = await open(t)
  await database
    .transaction()
    .setIsolationLevel('repeatable read')
    .execute(async (transaction) => {
      t.notOk(await isKept(transaction, 'from elsewhere'))
      await insert('from elsewhere').execute(database)
      t.notOk(await isKept(transaction, 'from elsewhere'), 'the snapshot of the first look')
    })
  t.ok(await isKept(database, 'from elsewhere'))
})
