import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import t, { type Test } from 'tap'
import { until } from './until.ts'

const receiver = fileURLToPath(new URL('fixtures/signal-receiver.ts', import.meta.url))

/** A process that prints a line for every request to stop as it understands it. */
async function startReceiver(t: Test) {
  const { npm_lifecycle_event: _, ...env } = process.env
  const child = spawn(process.execPath, [receiver], { env, stdio: ['ignore', 'pipe', 'inherit'] })
  t.teardown(() => child.kill('SIGKILL'))
  const lines: string[] = []
  createInterface({ input: child.stdout }).on('line', (line) => lines.push(line))
  await until(() => lines.includes('ready'))
  return { child, lines }
}

t.test('what comes within two seconds is one request, what comes later is insistence', async (t) => {
  const { child, lines } = await startReceiver(t)
  child.kill('SIGINT')
  await until(() => lines.includes('stop SIGINT'))
  const firstSeenAt = performance.now()
  child.kill('SIGTERM')
  await until(() => performance.now() - firstSeenAt > 2_100)
  t.same(lines, ['ready', 'stop SIGINT'], 'the repeat was not counted')
  child.kill('SIGTERM')
  await until(() => lines.includes('force SIGTERM'))
  t.same(lines, ['ready', 'stop SIGINT', 'force SIGTERM'])
})
