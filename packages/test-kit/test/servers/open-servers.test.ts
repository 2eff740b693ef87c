import { randomUUID } from 'node:crypto'
import { openServers, rawRequest, type Teardown } from '@patgate/test-kit'
import { Redis } from 'ioredis'
import { Client } from 'pg'
import t from 'tap'

/** A test inside the test, ended at our command. */
function nestedTest(): Teardown & { end(): Promise<void> } {
  const closers: (() => unknown)[] = []
  return {
    teardown: (close) => void closers.push(close),
    async end() {
      for (const close of closers.reverse()) await close()
    }
  }
}

const portOf = (url: string): number => Number(new URL(url).port)
const greeting = (url: string): Promise<string> =>
  rawRequest({ port: portOf(url), bytes: 'CONNECT {"verbose":false}\r\nQUIT\r\n', until: 'close' })

t.test('each test has a database, a prefix and a NATS of its own, and leaves nothing behind', async (t) => {
  const nested = nestedTest()
  const [mine, theirs] = await Promise.all([openServers(t), openServers(nested)])
  t.not(mine.databaseUrl, theirs.databaseUrl)
  t.not(mine.redisPrefix, theirs.redisPrefix)
  t.not(mine.natsUrl, theirs.natsUrl)

  const redis = new Redis(theirs.redisUrl)
  t.teardown(() => redis.disconnect())
  const database = new Client({ connectionString: theirs.databaseUrl })
  database.on('error', () => undefined)
  await database.connect()
  await database.query('create table leftovers (id int)')
  await redis.set(`${theirs.redisPrefix}:key`, 'value')
  await redis.set(`${mine.redisPrefix}:key`, 'value')

  await nested.end()
  t.equal(await redis.exists(`${theirs.redisPrefix}:key`), 0, 'its keys are gone')
  t.equal(await redis.exists(`${mine.redisPrefix}:key`), 1, "another test's keys are not")
  const late = new Client({ connectionString: theirs.databaseUrl })
  await t.rejects(late.connect(), { code: '3D000' }, 'its database is gone, although somebody was connected')
  await t.rejects(greeting(theirs.natsUrl), { code: 'ECONNREFUSED' }, 'its NATS is gone')
})

t.test('an outage of NATS begins and ends at the command of the test, on the same port', async (t) => {
  const { natsUrl, nats } = await openServers(t)
  t.match(await greeting(natsUrl), /"jetstream":true/)
  await nats.stop()
  await t.rejects(greeting(natsUrl), { code: 'ECONNREFUSED' })
  await nats.start()
  t.match(await greeting(natsUrl), /"jetstream":true/)
})

t.test(
  'a database of a template begins as its copy, which is prepared once, whoever asks at the same time',
  async (t) => {
    let prepared = 0
    const template = {
      name: `things_${randomUUID()}`,
      async prepare(databaseUrl: string) {
        prepared += 1
        const client = new Client({ connectionString: databaseUrl })
        await client.connect()
        await client.query('create table things as select 7 as id')
        await client.end()
      }
    }
    const [mine, theirs] = await Promise.all([openServers(t, template), openServers(t, template)])
    t.equal(prepared, 1)
    const first = new Client({ connectionString: mine.databaseUrl })
    const second = new Client({ connectionString: theirs.databaseUrl })
    await Promise.all([first.connect(), second.connect()])
    await first.query('delete from things')
    t.same(
      (await second.query('select id from things')).rows,
      [{ id: 7 }],
      'what one test does is nothing to the other'
    )
    await Promise.all([first.end(), second.end()])
  }
)
