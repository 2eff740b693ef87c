import { spawnSync } from 'node:child_process'
import { existsSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import t from 'tap'
import { lockHome, openHome, runningIn } from '../home.ts'
import { consecutiveFreePorts, freePort } from '../ports.ts'
import { startRedis } from '../servers/redis.ts'

const resetProgram = fileURLToPath(new URL('../reset.ts', import.meta.url))
const reset = (home: string) =>
  spawnSync(process.execPath, [resetProgram], { env: { ...process.env, PATGATE_HOME: home }, encoding: 'utf8' })

t.test('a home is used by one runner at a time, and the sentence names the one that has it', async (t) => {
  const { root } = openHome(t.testdir())
  const lock = lockHome(root)
  t.throws(() => lockHome(root), { message: new RegExp(`process ${process.pid}.*another PATGATE_HOME`) })
  lock.release()
  lockHome(root).release()
})

t.test('the lock of a runner that was killed is free', async (t) => {
  const { root } = openHome(t.testdir())
  const gone = spawnSync(process.execPath, ['--version']).pid
  writeFileSync(join(root, 'runner.lock'), `${gone}\n`)
  t.equal(runningIn(root), undefined)
  lockHome(root).release()
})

t.test('two homes have servers of their own, side by side', async (t) => {
  const directory = t.testdir()
  const [first, second] = await Promise.all(
    ['first', 'second'].map((name) => startRedis({ directory: openHome(join(directory, name)).data('redis') }))
  )
  t.teardown(() => Promise.all([first?.stop(), second?.stop()]))
  t.not(first?.url, second?.url)
  t.not(new URL(first?.url ?? '').password, new URL(second?.url ?? '').password)
})

t.test('a reset forgets the data of the last run, and refuses while one is running', async (t) => {
  const home = openHome(t.testdir())
  writeFileSync(home.runFile, '{}')
  const lock = lockHome(home.root)
  const refused = reset(home.root)
  t.equal(refused.status, 1)
  t.match(refused.stderr, /already runs/)
  t.ok(existsSync(home.runFile))
  lock.release()
  t.equal(reset(home.root).status, 0)
  t.notOk(existsSync(home.runFile))
})

t.test('gateways get consecutive ports, past those that are taken', async (t) => {
  const wanted = await consecutiveFreePorts(await freePort(), 3)
  const taken = createServer()
  await new Promise<void>((resolve) => taken.listen(wanted + 1, '127.0.0.1', resolve))
  t.teardown(() => taken.close())
  const first = await consecutiveFreePorts(wanted, 3)
  t.ok(first >= wanted + 2, `${first} does not span the port that is taken`)
})
