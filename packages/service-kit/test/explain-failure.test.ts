import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { test } from 'tap'

const door = fileURLToPath(new URL('../src/index.ts', import.meta.url))

/** Runs a program that fails at its start, as a process of its own. */
function fail(statement: string): { status: number | null; stderr: string } {
  const program = `import { ConfigurationError, explainFailure } from '${door}'\nexplainFailure('probe')\n${statement}`
  const { status, stderr } = spawnSync(process.execPath, ['--input-type=module-typescript', '-e', program], {
    encoding: 'utf8'
  })
  return { status, stderr }
}

test('a configuration that is not usable is told mistake by mistake, without a stack', async (t) => {
  const { status, stderr } = fail(
    `throw new ConfigurationError(['PORT: is missing', 'patgate.yaml:3: unknown key "x"'])`
  )
  t.equal(status, 1)
  t.match(stderr, 'probe: The configuration is not usable:')
  t.match(stderr, '  - PORT: is missing')
  t.match(stderr, '  - patgate.yaml:3: unknown key "x"')
  t.notMatch(stderr, /\n\s+at /)
})

test('anything else keeps its stack, and no secret in it', async (t) => {
  const secret = `pat_${'a'.repeat(38)}`
  const { status, stderr } = fail(`await Promise.reject(new Error('lost ${secret}'))`)
  t.equal(status, 1)
  t.match(stderr, /probe: Error: lost \[redacted\]/)
  t.match(stderr, /\n\s+at /)
})
