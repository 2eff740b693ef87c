import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { connect, type NatsConnection } from '@nats-io/transport-node'
import { Client } from 'pg'
import t, { type Test } from 'tap'
import { isAlive } from '../file-lock.ts'
import { ensureDatabase } from '../servers/database.ts'
import { startNats } from '../servers/nats.ts'
import { type NatsUser, natsUsers } from '../servers/nats-users.ts'
import { startPostgres } from '../servers/postgres.ts'
import { startRedis } from '../servers/redis.ts'
import { converse } from '../servers/talk.ts'
import { temporaryDirectory } from './temporary-directory.ts'
import { until } from './until.ts'

const modeOf = (path: string) => statSync(path).mode & 0o777

async function query(url: string, text: string): Promise<unknown[]> {
  const client = new Client({ connectionString: url })
  await client.connect()
  try {
    return (await client.query(text)).rows
  } finally {
    await client.end()
  }
}

t.test('PostgreSQL keeps its data over a stop, asks for the password, and syncs to disk', async (t) => {
  const directory = join(temporaryDirectory(t), 'postgres')
  const first = await startPostgres({ directory })
  t.teardown(() => first.kill())
  await ensureDatabase(first.url('postgres'), 'patgate_tokens')
  await ensureDatabase(first.url('postgres'), 'patgate_tokens')
  await query(first.url('patgate_tokens'), 'create table kept as select 7 as number')
  t.same(await query(first.url('postgres'), 'show fsync'), [{ fsync: 'on' }])
  const wrong = new URL(first.url('postgres'))
  wrong.password = 'guessed'
  await t.rejects(query(wrong.href, 'select 1'), /password authentication failed/)
  t.equal(modeOf(join(directory, 'password')), 0o600)
  await first.stop()
  t.notOk(isAlive(first.pid))

  const second = await startPostgres({ directory })
  t.teardown(() => second.stop())
  t.same(await query(second.url('patgate_tokens'), 'select number from kept'), [{ number: 7 }])
})

t.test('PostgreSQL comes back on the same port after it was killed', async (t) => {
  const server = await startPostgres({ directory: join(temporaryDirectory(t), 'postgres') })
  t.teardown(() => server.stop())
  const before = server.pid
  process.kill(before, 'SIGKILL')
  await until(() => server.pid !== before)
  await until(() => query(server.url('postgres'), 'select 1').then(Boolean, () => false))
})

t.test('Redis never evicts, keeps an append-only file, and answers nobody without the password', async (t) => {
  const directory = join(temporaryDirectory(t), 'redis')
  const server = await startRedis({ directory })
  t.teardown(() => server.stop())
  const { port, password } = new URL(server.url)
  const say = (words: string, expected: RegExp) => converse(Number(port), `AUTH ${password}\r\n${words}\r\n`, expected)
  t.match(await say('CONFIG GET maxmemory-policy', /eviction/), /noeviction/)
  t.match(await say('CONFIG GET appendonly', /\n(yes|no)/), /yes/)
  t.match(await converse(Number(port), 'PING\r\n', /\r\n/), /NOAUTH/)
  t.equal(modeOf(join(directory, 'redis.conf')), 0o600)
})

t.test('on NATS each service may say only what is its to say', async (t) => {
  const directory = join(temporaryDirectory(t), 'nats')
  const server = await startNats({ directory })
  t.teardown(() => server.stop())
  for (const file of ['callout-issuer.seed', 'gateway.password']) t.equal(modeOf(join(directory, file)), 0o600)
  const passwords = natsUsers.map((user) => new URL(server.urls[user]).password)
  const log = readFileSync(join(directory, 'nats.log'), 'utf8')
  t.notOk(passwords.some((password) => log.includes(password)))

  const mayPublish: Record<string, NatsUser[]> = {
    'patgate.changes': ['token-service'],
    'patgate.changes.ack': ['token-service', 'gateway'],
    'patgate.audit.management': ['token-service'],
    'patgate.audit.access': ['token-service', 'gateway'],
    'patgate.audit.committed': ['audit-service'],
    'patgate.usage': ['gateway'],
    '$SYS.REQ.USER.AUTH': [],
    'm.demo.c.orders': ['channels'],
    'intake.demo': []
  }
  for (const user of natsUsers) {
    const connection = await connectAs(t, server.urls[user])
    for (const [subject, speakers] of Object.entries(mayPublish)) {
      t.equal(await canPublish(connection, subject), speakers.includes(user), `${user} on ${subject}`)
    }
  }
  t.equal(await asks(t, server.urls.system, '$SYS.REQ.SERVER.PING.CONNZ'), 'answered')
  t.equal(await asks(t, server.urls.system, '$SYS.REQ.SERVER.PING.STATSZ'), 'refused')
  t.equal(await asks(t, server.urls.gateway, '$SYS.REQ.SERVER.PING.CONNZ'), 'refused')
  t.equal(await asks(t, server.urls.channels, '$JS.API.STREAM.PURGE.PATGATE_CHANNELS'), 'refused')
  await t.rejects(connect({ servers: server.address }), /authorization|permission/i)
  await t.rejects(connect({ servers: server.address, user: 'patgate-gateway', pass: 'guessed' }), /authorization/i)
})

async function asks(t: Test, url: string, subject: string): Promise<'answered' | 'refused'> {
  const connection = await connectAs(t, url)
  return connection.request(subject, '{}', { timeout: 5_000 }).then(
    () => 'answered',
    () => 'refused'
  )
}

async function connectAs(t: Test, url: string): Promise<NatsConnection> {
  const { host, username, password } = new URL(url)
  const connection = await connect({ servers: host, user: username, pass: password })
  t.teardown(() => connection.close())
  return connection
}

/**
 * Whether what this connection publishes comes back to it: the server drops what is forbidden before it answers a flush.
 * Who may not even listen is told so instead, which is no message.
 */
async function canPublish(connection: NatsConnection, subject: string): Promise<boolean> {
  let received = 0
  const countMessages = (error: Error | null) => {
    if (error === null) received += 1
  }
  const subscription = connection.subscribe(subject, { callback: countMessages })
  await connection.flush()
  connection.publish(subject, 'said')
  await connection.flush()
  subscription.unsubscribe()
  return received > 0
}
