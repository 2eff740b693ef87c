import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import t, { type Test } from 'tap'
import { isAlive } from '../file-lock.ts'
import { until } from './until.ts'

const family = fileURLToPath(new URL('fixtures/family.ts', import.meta.url))

/** Starts the small runner in a group of its own, and answers once all of its processes have said their ids. */
async function startFamily(t: Test) {
  const runner = spawn(process.execPath, [family], { detached: true, stdio: ['ignore', 'pipe', 'inherit'] })
  t.teardown(() => runner.kill('SIGKILL'))
  const lines: string[] = []
  createInterface({ input: runner.stdout }).on('line', (line) => lines.push(line))
  const numbersAfter = (word: string) =>
    lines
      .filter((line) => new RegExp(`^${word}( \\d+)+$`).test(line))
      .flatMap((line) => line.split(' ').slice(1).map(Number))
  await until(() => ['pids', 'parent', 'supervised'].every((word) => numbersAfter(word).length > 0))
  await until(() => lines.includes('deaf deaf'))
  const all = () => [...numbersAfter('pids'), ...numbersAfter('parent'), ...numbersAfter('supervised')]
  return { runner, lines, numbersAfter, all }
}

const noneAlive = (pids: number[]) => pids.every((pid) => !isAlive(pid))

t.test(
  'when the runner is killed, all it started ends, grandchildren and those that do not listen included',
  async (t) => {
    const { runner, all } = await startFamily(t)
    const pids = all()
    t.equal(pids.length, 4)
    t.ok(pids.every(isAlive))
    runner.kill('SIGKILL')
    await until(() => noneAlive(pids))
  }
)

t.test('when the whole process group of the runner is killed, too', async (t) => {
  const { runner, all } = await startFamily(t)
  const pids = all()
  process.kill(-(runner.pid ?? 0), 'SIGKILL')
  await until(() => noneAlive(pids))
})

t.test('stopped in an orderly way, everything has ended when the runner ends', async (t) => {
  const { runner, all } = await startFamily(t)
  const pids = all()
  const exited = once(runner, 'exit')
  runner.kill('SIGTERM')
  t.same(await exited, [0, null])
  t.notOk(pids.slice(0, 2).some(isAlive), 'its own children have ended and were awaited')
  await until(() => noneAlive(pids))
})

t.test('what crashes is reported and started again, and its successor is guarded as well', async (t) => {
  const { runner, lines, numbersAfter, all } = await startFamily(t)
  const [first = 0] = numbersAfter('supervised')
  process.kill(first, 'SIGKILL')
  await until(() => numbersAfter('supervised').length === 2)
  t.ok(lines.some((line) => line.includes('supervised was ended by SIGKILL; it is started again in 250 ms')))
  t.same(numbersAfter('restarted'), numbersAfter('supervised').slice(1))
  const pids = all()
  runner.kill('SIGKILL')
  await until(() => noneAlive(pids))
})
