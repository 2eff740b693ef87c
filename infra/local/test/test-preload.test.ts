import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import t, { type Test } from 'tap'

const PRELOAD = new URL('../test-preload.mjs', import.meta.url).href
const STRAY: Record<string, string> = {
  'an exception that nobody caught': "setTimeout(() => { throw new Error('astray') }, 0)",
  'a rejection that nobody handled': "setTimeout(() => void Promise.reject(new Error('astray')), 0)"
}
const HELD = `import t from 'tap'\nt.test('goes on', async (t) => { await new Promise((done) => setTimeout(done, 200)); t.pass() })\n`

const run = (t: Test, source: string) => {
  const file = join(t.testdir({ 'stray.test.mjs': source }), 'stray.test.mjs')
  const { TAP: _tap, ...rest } = process.env
  const env = { ...rest, TAP_CHILD_ID: '1' }
  return spawnSync(process.execPath, [`--import=${PRELOAD}`, file], { env, encoding: 'utf8' })
}

for (const [what, source] of Object.entries(STRAY)) {
  t.test(`${what} fails the file, although no test follows it`, async (t) => {
    const { status, stdout, stderr } = run(t, `${HELD}${source}\n`)
    t.not(status, 0)
    t.match(stdout + stderr, /astray/)
  })
}

t.test('a file without either passes', async (t) => {
  t.equal(run(t, HELD).status, 0)
})

t.test('what a test starts is started as users start it', async (t) => {
  const file = join(t.testdir({ 'child.mjs': 'console.log(process.env.NODE_OPTIONS)' }), 'child.mjs')
  const followed = '"--import=file:///somewhere/node_modules/@tapjs/processinfo/dist/esm/import.mjs"'
  const options = {
    [`"--import=${PRELOAD}" ${followed}`]: 'undefined',
    [`--import=${PRELOAD} --no-deprecation`]: '--no-deprecation'
  }
  for (const [inherited, left] of Object.entries(options)) {
    const env = { ...process.env, TAP_CHILD_ID: '1', NODE_OPTIONS: inherited }
    t.equal(spawnSync(process.execPath, [file], { env, encoding: 'utf8' }).stdout, `${left}\n`, inherited)
  }
})
