import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { openServers, until } from '@patgate/test-kit'
import { test } from 'tap'
import { ADMIN, environmentFor } from './support/service.ts'

const MAIN = fileURLToPath(new URL('../src/main.ts', import.meta.url))
const MIGRATE = fileURLToPath(new URL('../src/database/migrate.ts', import.meta.url))

test('the process', async (t) => {
  const servers = await openServers(t)

  await t.test('migrates on its own, and a second time finds nothing to do', async (t) => {
    const run = async (): Promise<string> => {
      const child = spawn(process.execPath, [MIGRATE], { env: { DATABASE_URL: servers.databaseUrl } })
      let printed = ''
      child.stdout.on('data', (bytes: Buffer) => {
        printed += bytes.toString()
      })
      const [status] = await once(child, 'close')
      t.equal(status, 0)
      return printed
    }
    t.match(await run(), 'Applied 0001-first-light')
    t.match(await run(), 'up to date')
  })

  await t.test('starts with NATS and Redis down, is ready, answers, and ends in order', async (t) => {
    await servers.nats.stop()
    const env = { ...environmentFor(servers), LOG_LEVEL: 'info', REDIS_URL: 'redis://127.0.0.1:1' }
    const child = spawn(process.execPath, [MAIN], { env })
    t.teardown(() => child.kill('SIGKILL'))
    const listening = await firstLine(child, 'listening')
    const { url, operations_url: operationsUrl } = listening as { url: string; operations_url: string }

    const ready = await fetch(`${operationsUrl}/readyz`)
    t.equal(ready.status, 200)
    const session = await fetch(`${url}/v1/sessions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(ADMIN)
    })
    t.equal(session.status, 201)
    const { token } = (await session.json()) as { token: string }
    const headers = { authorization: `Bearer ${token}` }
    const ended = await fetch(`${url}/v1/sessions/current`, { method: 'DELETE', headers })
    t.equal(ended.status, 204)
    t.equal(await ended.text(), '')

    const metrics = async () => (await fetch(`${operationsUrl}/metrics`)).text()
    t.match(await metrics(), /patgate_relay_waiting_events [1-9]/)
    await servers.nats.start()
    await until(async () => /patgate_relay_waiting_events 0/.test(await metrics()), { timeoutMs: 20_000 })
    t.match(await metrics(), /patgate_relay_lag_seconds 0/)

    child.kill('SIGTERM')
    const [status] = await once(child, 'exit')
    t.equal(status, 0)
  })

  await t.test('says everything that is wrong with its configuration, and does not start', async (t) => {
    const child = spawn(process.execPath, [MAIN], { env: {} })
    let said = ''
    child.stderr.on('data', (bytes: Buffer) => {
      said += bytes.toString()
    })
    const [status] = await once(child, 'close')
    t.not(status, 0)
    for (const name of ['DATABASE_URL', 'REDIS_URL', 'NATS_URL', 'INTERNAL_KEY', 'SESSION_KEY']) t.match(said, name)
  })
})

/** The first line of the log with this message; fails with what the process said when it ends before. */
async function firstLine(child: ChildProcess, message: string): Promise<Record<string, unknown>> {
  if (child.stdout === null || child.stderr === null) throw new Error('the process has no pipes')
  let complaints = ''
  child.stderr.on('data', (bytes: Buffer) => {
    complaints += bytes.toString()
  })
  for await (const line of createInterface({ input: child.stdout })) {
    const record = JSON.parse(line) as Record<string, unknown>
    if (record.msg === message) return record
  }
  throw new Error(`the process ended: ${complaints}`)
}
