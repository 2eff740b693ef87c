import { type ChildProcess, spawn } from 'node:child_process'
import { generateKeyPairSync } from 'node:crypto'
import { once } from 'node:events'
import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { AUDIT_STREAM } from '@patgate/contracts'
import { openBus } from '@patgate/event-bus'
import { systemClock } from '@patgate/service-kit'
import { openServers, type Teardown, type TestServers, until } from '@patgate/test-kit'
import { Client } from 'pg'
import t from 'tap'
import { openAuditSpool } from '../../src/spool/audit-spool.ts'
import { killAfter } from './fixtures/killed-process.ts'
import { PRODUCER, temporaryDirectory } from './fixtures/spool-directory.ts'

// Seven processes are started one after the other, and a machine may be busy.
t.setTimeout(150_000)

const auditService = fileURLToPath(new URL('../../../audit-service/src/main.ts', import.meta.url))

t.test(
  'gateway and audit service killed, the stream wiped: what was answered for is stored exactly once',
  async (t) => {
    const servers = await openServers(t)
    const directory = temporaryDirectory(t)
    const database = new Client({ connectionString: servers.databaseUrl })
    await database.connect()
    t.teardown(() => database.end())
    const told: string[] = []
    const runGateway = async (lines: number) => {
      told.push(...(await killAfter(lines, './ship-until-killed.ts', directory, servers.natsUrl)))
    }

    const auditDirectory = temporaryDirectory(t)
    const service = await startAuditService(t, servers, auditDirectory)
    // A gateway may be killed before it has sent anything, so more than one may be needed.
    await until(() => runGateway(400).then(async () => (await storedKeys(database)).length > 0), { timeoutMs: 60_000 })
    service.kill('SIGKILL')
    await runGateway(3_000)
    await wipeStream(servers)
    await runGateway(700)
    await startAuditService(t, servers, auditDirectory)
    await runGateway(1_500)

    const bus = openBus({ url: servers.natsUrl, name: 'the last gateway' })
    const last = await openAuditSpool({
      directory,
      producer: PRODUCER,
      clock: systemClock,
      maxBytes: 256 * 1024 * 1024,
      whenFull: 'block',
      onError: () => undefined,
      bus,
      shipping: { answerWithinMs: 50, restartAfterMs: 2_000 }
    })
    t.teardown(async () => {
      await last.close()
      await bus.close()
    })
    const expected = last.spool.segments.map(({ boot, lastSeq }) => `${boot}/${lastSeq}`)
    await until(async () => without(expected, await storedKeys(database)).length === 0, { timeoutMs: 60_000 })
    const stored = await storedKeys(database)
    t.equal(new Set(stored).size, stored.length, 'nothing twice')
    t.same(without(told, stored), [], `${told.length} were answered for`)
    t.same(stored.toSorted(), withoutHoles(stored).toSorted(), 'no number of any boot is missing')
  }
)

/** Resolves when it listens. Its files are kept from one start to the next. */
async function startAuditService(t: Teardown, servers: TestServers, directory: string): Promise<ChildProcess> {
  const child = spawn(process.execPath, [auditService], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: {
      ...process.env,
      PORT: '0',
      OPS_PORT: '0',
      LOG_LEVEL: 'info',
      DATABASE_URL: servers.databaseUrl,
      REDIS_URL: servers.redisUrl,
      REDIS_PREFIX: servers.redisPrefix,
      NATS_URL: servers.natsUrl,
      INTERNAL_KEY: 'an-internal-key-of-more-than-32-bytes',
      WEBHOOK_SECRETS_KEY: 'a-key-of-more-than-32-bytes-for-webhooks',
      TOKEN_SERVICE_INTERNAL_URL: 'http://127.0.0.1:1',
      AUDIT_ORIGIN: 'audit.test/log',
      AUDIT_KEY_FILE: signingKey(directory),
      AUDIT_CHECKPOINT_DIR: directory,
      AUDIT_EXPORT_DIR: directory
    }
  })
  t.teardown(async () => {
    if (child.exitCode !== null || child.signalCode !== null) return
    child.kill('SIGKILL')
    await once(child, 'exit')
  })
  for await (const line of createInterface({ input: child.stdout })) {
    if (!line.includes('operations_url')) continue
    child.stdout.resume()
    return child
  }
  throw new Error('the audit service ended before it listened')
}

function signingKey(directory: string): string {
  const path = join(directory, 'key.pem')
  const { privateKey } = generateKeyPairSync('ed25519')
  if (!existsSync(path)) writeFileSync(path, privateKey.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600 })
  return path
}

async function wipeStream({ natsUrl }: TestServers): Promise<void> {
  const bus = openBus({ url: natsUrl, name: 'an operator' })
  const connection = await bus.connection
  await connection.request(`$JS.API.STREAM.DELETE.${AUDIT_STREAM.name}`)
  await bus.close()
}

async function storedKeys(database: Client): Promise<string[]> {
  const { rows } = await database.query<{ key: string }>(
    `select boot || '/' || seq as key from audit_events where producer = $1`,
    [PRODUCER]
  )
  return rows.map(({ key }) => key)
}

function without(keys: readonly string[], others: readonly string[]): string[] {
  const taken = new Set(others)
  return keys.filter((key) => !taken.has(key))
}

/** All numbers from one to the highest, for each boot that is there. */
function withoutHoles(keys: readonly string[]): string[] {
  const highest = new Map<string, number>()
  for (const key of keys) {
    const [boot = '', seq] = key.split('/')
    highest.set(boot, Math.max(highest.get(boot) ?? 0, Number(seq)))
  }
  return [...highest].flatMap(([boot, last]) => Array.from({ length: last }, (_, index) => `${boot}/${index + 1}`))
}
