import { createLogger, redactSecrets } from '@patgate/service-kit'
import { captureLogs } from '@patgate/test-kit'
import { mintToken } from '@patgate/token-format'
import fc from 'fast-check'
import t from 'tap'

const TOKEN = mintToken('pat')
const CUSTOM = mintToken('my_2nd_pat')
const JWT = 'eyJhbGciOiJFZERTQSIsInR5cCI6IkpXVCJ9.eyJzdWIiOiIwMTk3In0.c2lnbmF0dXJl_-'

t.test('tokens and JWTs are redacted wherever they hide', async (t) => {
  const logs = captureLogs()
  const logger = createLogger('gateway', 'trace', logs.stream)
  for (const secret of [TOKEN, CUSTOM, JWT]) {
    logger.info(`message ${secret}`)
    logger.info({ deep: { list: [{ [secret]: secret }] } })
    logger.error({ err: new Error(`failed for ${secret}`, { cause: new Error(secret) }) }, 'with an error')
    logger.warn({ url: `/x?token=${encodeURIComponent(`Bearer ${secret}`)}` })
    logger.child({ bound: secret }).debug('by a child')
    logger.trace({ nested: JSON.stringify({ header: `Basic\t"${secret}"\n` }) })
    logger.info('%s and %j', secret, { secret })
    logger.info({ glued: `X${secret}X`, twice: secret + secret, list: `${secret},${secret}` })
  }
  t.equal(logs.lines.length, 24)
  for (const secret of [TOKEN, CUSTOM, JWT]) t.notOk(logs.text().includes(secret))
  for (const record of logs.records()) t.match(JSON.stringify(record), /\[redacted\]/)
})

t.test('no text around a secret hides it', async () => {
  fc.assert(
    fc.property(fc.string(), fc.constantFrom(TOKEN, CUSTOM), fc.string(), (before, secret, after) => {
      return !redactSecrets(before + secret + after).includes(secret)
    })
  )
})

t.test('other text is left alone', async (t) => {
  const lines = ['{"path":"/api/groups/demo/dashboards/7"}', 'patgate_http_request_duration_seconds', 'eyJ', 'a.b.c']
  for (const line of lines) t.equal(redactSecrets(line), line)
})

t.test('hostile text is searched in linear time', async (t) => {
  const before = process.cpuUsage()
  for (const hostile of ['eyJ-'.repeat(50_000), 'a_'.repeat(100_000), `${'a'.repeat(19)}_`.repeat(10_000)]) {
    redactSecrets(hostile)
  }
  const { user, system } = process.cpuUsage(before)
  // A quadratic search takes a minute here. Processor time, because others may have the processor meanwhile.
  t.ok(user + system < 5_000_000, `${user + system} microseconds`)
})

t.test('a line is JSON with its level in words, its time and the name of the service', async (t) => {
  const logs = captureLogs()
  createLogger('gateway', 'info', logs.stream).warn({ status: 503 }, 'slow')
  const [record] = logs.records()
  t.match(record, { level: 'warn', name: 'gateway', status: 503, msg: 'slow', time: /^\d{4}-\d\d-\d\dT.*Z$/ })
  t.notOk(record !== undefined && ('pid' in record || 'hostname' in record))
})
