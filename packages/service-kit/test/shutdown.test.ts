import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { createLogger, runPhases } from '@patgate/service-kit'
import { captureLogs, until } from '@patgate/test-kit'
import t, { type Test } from 'tap'

const fixture = fileURLToPath(new URL('fixtures/stopping-process.ts', import.meta.url))

interface Running {
  readonly child: ChildProcess
  readonly exit: Promise<unknown[]>
  output(): string
}

async function start(t: Test, phases: string): Promise<Running> {
  const child = spawn(process.execPath, [fixture, phases], { stdio: ['ignore', 'pipe', 'inherit'] })
  t.teardown(() => child.kill('SIGKILL'))
  const exit = once(child, 'exit')
  let output = ''
  child.stdout.on('data', (text: Buffer) => {
    output += text.toString()
  })
  await until(() => output.includes('running'), { message: 'the process runs' })
  return { child, exit, output: () => output }
}

t.test('phases run in their order, each after the one before has ended', async (t) => {
  const order: string[] = []
  const phase = (name: string) => ({
    name,
    limitMs: 1_000,
    run: async () => {
      order.push(`${name} begins`)
      await Promise.resolve()
      order.push(`${name} ends`)
    }
  })
  t.equal(await runPhases([phase('one'), phase('two')], createLogger('x', 'silent')), true)
  t.same(order, ['one begins', 'one ends', 'two begins', 'two ends'])
})

t.test('a phase that fails or takes too long is told and does not stop the rest', async (t) => {
  const logs = captureLogs()
  let isLastRun = false
  const phases = [
    { name: 'throws', limitMs: 1_000, run: () => Promise.reject(new Error('cannot')) },
    { name: 'hangs', limitMs: 20, run: () => new Promise(() => undefined) },
    {
      name: 'last',
      limitMs: 1_000,
      run: () => {
        isLastRun = true
      }
    }
  ]
  t.equal(await runPhases(phases, createLogger('x', 'error', logs.stream)), false)
  t.ok(isLastRun)
  t.match(logs.records(), [
    { phase: 'throws', err: { message: 'cannot' } },
    { phase: 'hangs', err: { message: 'took longer than 20 ms' } }
  ])
})

t.test('a signal ends the process with status 0 when all went well', async (t) => {
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    const { child, exit, output } = await start(t, 'quick')
    child.kill(signal)
    t.same(await exit, [0, null], signal)
    t.match(output(), /quick ran/)
  }
})

t.test('a phase that failed is told by status 1, after the others ran', async (t) => {
  const { child, exit, output } = await start(t, 'failing,quick')
  child.kill('SIGTERM')
  t.same(await exit, [1, null])
  t.match(output(), /quick ran/)
})

t.test('repeats within two seconds count as one signal, a later second one forces the exit', async (t) => {
  const { child, exit, output } = await start(t, 'quick,endless')
  child.kill('SIGINT')
  await until(() => output().includes('endless began'))
  const startedAtMs = performance.now()
  // What npm and a process group do: the same signal again and again. Only one after two seconds means it.
  const repeat = setInterval(() => child.kill('SIGTERM'), 100)
  t.same(await exit, [1, null])
  clearInterval(repeat)
  t.ok(performance.now() - startedAtMs > 1_500, 'not before the two seconds had passed')
  t.equal(output().match(/quick ran/g)?.length, 1, 'every phase ran once')
})
