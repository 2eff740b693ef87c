import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  address,
  bool,
  ConfigurationError,
  count,
  durationMs,
  networks,
  origin,
  port,
  readEnvironment,
  secrets,
  serviceEnvironment,
  str,
  tokenPrefix
} from '@patgate/service-kit'
import t, { type Test } from 'tap'

const SECRET = 'x'.repeat(32)

/** The mistakes that reading reports; none when it is usable. */
function mistakesOf(specs: Record<string, object>, environment: Record<string, string>): readonly string[] {
  try {
    readEnvironment(specs, environment)
    return []
  } catch (error) {
    if (error instanceof ConfigurationError) return error.mistakes
    throw error
  }
}

const isAccepted = (spec: object, text: string): boolean => mistakesOf({ X: spec }, { X: text }).length === 0

function file(t: Test, content: string): string {
  const path = join(t.testdir({}), 'secret')
  writeFileSync(path, content)
  return path
}

t.test('a good environment is read into typed values', async (t) => {
  const specs = {
    DATABASE_URL: address(['postgres', 'postgresql']),
    PORT: port(),
    KEYS: secrets(),
    LIFETIME: durationMs({ default: 1_000 }),
    NAME: str({ default: 'gateway' })
  }
  const config = readEnvironment(specs, {
    DATABASE_URL: 'postgres://u:p@localhost:5432/db/',
    PORT: '8080',
    KEYS: `${SECRET}\n${SECRET}2\n`,
    LIFETIME: '10h',
    UNRELATED: 'ignored'
  })
  t.equal(config.DATABASE_URL, 'postgres://u:p@localhost:5432/db')
  t.equal(config.PORT, 8080)
  t.same(config.KEYS, [SECRET, `${SECRET}2`])
  t.equal(config.LIFETIME, 36_000_000)
  t.equal(config.NAME, 'gateway')
})

t.test('every mistake is reported at once, each with the name of its variable', async (t) => {
  const specs = { A: str(), B: port(), C: durationMs(), D: secrets(), E: address(['redis']), F: bool() }
  const mistakes = mistakesOf(specs, { B: '65536', C: '1h30m', D: 'short', E: 'http://x', F: 'perhaps' })
  t.same(mistakes.map((mistake) => mistake.split(':')[0]).sort(), ['A', 'B', 'C', 'D', 'E', 'F'])
  t.throws(() => readEnvironment(specs, {}), { message: /^The configuration is not usable:\n {2}- A: .*\n {2}- B: / })
})

t.test('a value never stands in a message: it may be a secret', async (t) => {
  const mistakes = mistakesOf({ KEY: secrets(), URL: address(['redis']) }, { KEY: 'hunter2', URL: 'redi://:hunter2@x' })
  t.equal(mistakes.length, 2)
  t.notMatch(mistakes.join('\n'), /hunter2/)
})

t.test('what was read is frozen', async (t) => {
  const config = readEnvironment({ NAME: str() }, { NAME: 'x' }) as { NAME: string }
  t.throws(() => {
    config.NAME = 'y'
  }, TypeError)
  t.equal(config.NAME, 'x')
})

t.test('X_FILE names a file whose trimmed content counts as X', async (t) => {
  const config = readEnvironment({ KEY: secrets() }, { KEY_FILE: file(t, `  ${SECRET}\n\n`) })
  t.same(config.KEY, [SECRET])
})

t.test('X and X_FILE together are a mistake', async (t) => {
  const mistakes = mistakesOf({ KEY: secrets() }, { KEY: SECRET, KEY_FILE: file(t, SECRET) })
  t.same(mistakes, ['KEY: give either KEY or KEY_FILE, not both'])
})

t.test('a file that cannot be read is a mistake among the others', async (t) => {
  const mistakes = mistakesOf({ KEY: str({ default: '' }), PORT: port() }, { KEY_FILE: '/nowhere/key', PORT: '-1' })
  t.match(mistakes, ['KEY_FILE: /nowhere/key cannot be read (ENOENT)', /^PORT: /])
})

t.test('secrets: one or two, of 32 bytes at least', async (t) => {
  t.ok(isAccepted(secrets(), SECRET))
  t.ok(isAccepted(secrets(), `${SECRET}\n${SECRET}`))
  for (const text of ['', '\n', SECRET.slice(1), `${SECRET}\nshort`, `${SECRET}\n`.repeat(3)]) {
    t.notOk(isAccepted(secrets(), text), JSON.stringify(text))
  }
})

t.test('networks: what they hold, and that nothing trusts everybody', async (t) => {
  const { X } = readEnvironment({ X: networks() }, { X: '127.0.0.0/8, ::1/128,192.0.2.7' })
  t.ok(X.check('127.1.2.3'))
  t.ok(X.check('::1', 'ipv6'))
  t.ok(X.check('192.0.2.7'))
  t.notOk(X.check('192.0.2.8'))
  t.notOk(readEnvironment({ X: networks() }, { X: '' }).X.check('127.0.0.1'), 'empty means none')
  const wrong = ['*', '0.0.0.0/0', '::/0', '10.0.0.0/', '10.0.0.0/33', '10.0.0.0/-1', '10.0.0.0/8/8', '10.0.0.0/1e1']
  for (const text of [...wrong, '::1/129', 'localhost', '10.0.0', '10.0.0.0/8;x']) {
    t.notOk(isAccepted(networks(), text), text)
  }
})

t.test('ports: 0 to 65535, written plainly', async (t) => {
  for (const text of ['0', '1', '65535']) t.ok(isAccepted(port(), text), text)
  for (const text of ['', '-1', '65536', '80.0', '0x50', ' 80', '1e3']) t.notOk(isAccepted(port(), text), text)
})

t.test('a number of something is whole, and at least 1', async (t) => {
  t.ok(isAccepted(count(), '1'))
  for (const text of ['0', '-1', '1.5', 'many', '', '1e400']) t.notOk(isAccepted(count(), text), text)
})

t.test('the prefix of tokens is one that the token format knows', async (t) => {
  t.ok(isAccepted(tokenPrefix(), 'acme_pat'))
  for (const text of ['!', 'Pat', 'p', 'pat_', '1pat']) t.notOk(isAccepted(tokenPrefix(), text), text)
})

t.test('what every service is told has the same words, and its own ports', async (t) => {
  const needed = { REDIS_URL: 'redis://a', NATS_URL: 'nats://a', INTERNAL_KEY: SECRET }
  const { PORT, OPS_PORT } = readEnvironment(serviceEnvironment({ work: 1, operations: 2 }), needed)
  t.same([PORT, OPS_PORT], [1, 2])
})

t.test('an origin is what browsers call one', (t) => {
  const good = ['https://console.example.org', 'http://127.0.0.1:8380', 'http://[::1]:8380', 'https://a.example/']
  for (const text of good) t.ok(isAccepted(origin(), text), text)
  const bad = ['console.example.org', 'https://a.example/console', 'ftp://a.example', 'https://a.example:443', 'null']
  for (const text of bad) t.notOk(isAccepted(origin(), text), text)
  t.equal(readEnvironment({ O: origin() }, { O: 'https://a.example/' }).O, 'https://a.example')
  t.end()
})
