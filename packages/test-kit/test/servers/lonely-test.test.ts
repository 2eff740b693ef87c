import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { connect } from 'node:net'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { type TestServers, until } from '@patgate/test-kit'
import { Client } from 'pg'
import t from 'tap'

const fixture = fileURLToPath(new URL('../fixtures/lonely-test.ts', import.meta.url))

t.test('a test run alone starts its own servers, and none survives its SIGKILL', async (t) => {
  const { TEST_DATABASE_URL: _, ...environment } = process.env
  const child = spawn(process.execPath, [fixture], { env: environment, stdio: ['ignore', 'pipe', 'inherit'] })
  t.teardown(() => child.kill('SIGKILL'))
  const [line] = (await once(createInterface({ input: child.stdout }), 'line')) as [string]
  const servers = JSON.parse(line) as TestServers

  const database = new Client({ connectionString: servers.databaseUrl })
  await database.connect()
  t.same((await database.query('select 1 as one')).rows, [{ one: 1 }])
  await database.end()

  const urls = [servers.databaseUrl, servers.redisUrl, servers.natsUrl]
  for (const url of urls) t.equal(await isListening(url), true)
  child.kill('SIGKILL')
  for (const url of urls) {
    await until(async () => !(await isListening(url)), { message: `nobody listens at ${new URL(url).host}` })
  }
})

function isListening(url: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port: Number(new URL(url).port) })
    socket.once('connect', () => {
      socket.destroy()
      resolve(true)
    })
    socket.once('error', () => resolve(false))
  })
}
