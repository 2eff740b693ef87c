import { execFile } from 'node:child_process'
import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { test } from 'tap'
import { openMosquitto } from './support/mosquitto.ts'
import { sharedPatgate } from './support/shared-patgate.ts'
import { until } from './support/until.ts'

const run = promisify(execFile)

test('the commands that npm start prints do what they say', async (t) => {
  const patgate = await sharedPatgate()
  const commands = await until('the commands are printed', 5_000, async () => {
    const lines = patgate
      .output()
      .split('\n')
      .map((line) => line.trim())
    const found = lines.filter((line) => /^(curl|mosquitto_pub|mosquitto_sub) /.test(line))
    return found.length >= 7 ? found : null
  })

  await t.test('an allowed request, a denied one with its explanation, an audit query', async (t) => {
    const { env } = await openMosquitto()
    const outputs: string[] = []
    for (const command of commands) {
      const { stdout } = await run('sh', ['-c', command], { env })
      outputs.push(stdout)
    }
    t.ok(
      outputs.some((output) => /dashboards?|\[/.test(output) && !output.includes('"code"')),
      'allowed'
    )
    t.ok(
      outputs.some((output) => output.includes('insufficient_scope')),
      'denied, and says why'
    )
    t.ok(
      outputs.some((output) => /"seq":\d+/.test(output) && !output.includes('data:')),
      'a message is published'
    )
    t.ok(
      outputs.some((output) => output.includes('data: {') && output.includes('"payload":"hello"')),
      'and read again'
    )
    t.ok(outputs.includes('hello by MQTT\n'), 'a message goes through MQTT')
    t.ok(
      outputs.some((output) => output.includes('next_cursor')),
      'the audit log answers'
    )
  })

  await t.test('run.json is for its owner alone', async (t) => {
    const { mode } = await stat(join(patgate.home, 'run.json'))
    t.equal(mode & 0o777, 0o600)
  })
})
