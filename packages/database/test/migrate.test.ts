import { type Migrations, migrateToLatest, openDatabase } from '@patgate/database'
import { openServers } from '@patgate/test-kit'
import { sql } from 'kysely'
import t from 'tap'

// Neither statement may run twice: a second run would fail or leave two rows.
const MIGRATIONS: Migrations = {
  '001-things': { up: async (db) => void (await sql`create table things (id int)`.execute(db)) },
  '002-first-thing': { up: async (db) => void (await sql`insert into things values (1)`.execute(db)) }
}
const THIRD: Migrations = {
  '003-second-thing': { up: async (db) => void (await sql`insert into things values (2)`.execute(db)) }
}

const open = (url: string) => openDatabase<Record<string, never>>({ url, poolSize: 2 })

t.test('migrations run once, in the order of their names, and say which ran', async (t) => {
  const database = open((await openServers(t)).databaseUrl)
  t.teardown(() => database.destroy())
  t.same(await migrateToLatest(database, MIGRATIONS), ['001-things', '002-first-thing'])
  t.same(await migrateToLatest(database, MIGRATIONS), [])
  t.same(await migrateToLatest(database, { ...THIRD, ...MIGRATIONS }), ['003-second-thing'])
  t.same((await sql`select id from things order by id`.execute(database)).rows, [{ id: 1 }, { id: 2 }])
})

t.test('replicas that start at once migrate once', async (t) => {
  const { databaseUrl } = await openServers(t)
  const replicas = Array.from({ length: 6 }, () => open(databaseUrl))
  t.teardown(() => Promise.all(replicas.map((replica) => replica.destroy())))
  const ran = await Promise.all(replicas.map((replica) => migrateToLatest(replica, MIGRATIONS)))
  t.same(ran.flat(), ['001-things', '002-first-thing'], 'one of them ran each')
  const [database] = replicas
  if (database !== undefined) t.same((await sql`select id from things`.execute(database)).rows, [{ id: 1 }])
})

t.test('a migration that fails leaves nothing behind, is told, and can be run again', async (t) => {
  const database = open((await openServers(t)).databaseUrl)
  t.teardown(() => database.destroy())
  const broken: Migrations = {
    ...MIGRATIONS,
    '003-broken': {
      up: async (db) => {
        await sql`create table half (id int)`.execute(db)
        await sql`select * from nowhere`.execute(db)
      }
    }
  }
  await t.rejects(migrateToLatest(database, broken), { code: '42P01' })
  t.same((await sql`select to_regclass('half') as half`.execute(database)).rows, [{ half: null }])
  t.same(await migrateToLatest(database, { ...MIGRATIONS, ...THIRD }), [
    ...Object.keys(MIGRATIONS),
    ...Object.keys(THIRD)
  ])
})
