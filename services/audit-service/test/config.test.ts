import { ConfigurationError } from '@patgate/service-kit'
import t from 'tap'
import { readConfig, readDatabaseUrl } from '../src/config.ts'
import { INTERNAL_KEY, WEBHOOK_KEY } from './fixtures/running-service.ts'

const complete = {
  DATABASE_URL: 'postgres://audit@127.0.0.1/audit',
  REDIS_URL: 'redis://127.0.0.1:6379',
  NATS_URL: 'nats://127.0.0.1:4222',
  INTERNAL_KEY,
  TOKEN_SERVICE_INTERNAL_URL: 'http://127.0.0.1:9081/',
  AUDIT_ORIGIN: 'audit.example.com/log',
  AUDIT_KEY_FILE: '/run/secrets/audit-key',
  AUDIT_CHECKPOINT_DIR: '/var/lib/patgate/checkpoints',
  AUDIT_EXPORT_DIR: '/var/lib/patgate/exports',
  WEBHOOK_SECRETS_KEY: WEBHOOK_KEY
}

t.test('what has a default may be left out, and the value is frozen', async (t) => {
  const config = readConfig(complete)
  t.match(config, { host: '127.0.0.1', logLevel: 'info', tokenServiceUrl: 'http://127.0.0.1:9081' })
  t.ok(Object.isFrozen(config))
  t.equal(readConfig({ ...complete, PORT: '0' }).port, 0)
})

t.test('webhooks go nowhere private, and are tried for three days, unless something else is said', async (t) => {
  const { webhookNetworks, webhookRetryDelaysMs } = readConfig(complete)
  t.notOk(webhookNetworks.check('127.0.0.1'))
  const hours = webhookRetryDelaysMs.reduce((sum, delayMs) => sum + delayMs, 0) / 3_600_000
  t.ok(hours > 72 && hours < 80, `${hours} hours`)
  const own = readConfig({ ...complete, WEBHOOK_ALLOWED_NETWORKS: '10.0.0.0/8', WEBHOOK_RETRY_DELAYS: '1s, 2m' })
  t.ok(own.webhookNetworks.check('10.1.2.3'))
  t.same(own.webhookRetryDelaysMs, [1_000, 120_000])
})

t.test('every mistake is reported at once', async (t) => {
  const environment = {
    ...complete,
    DATABASE_URL: 'mysql://x',
    INTERNAL_KEY: 'short',
    PORT: '99999',
    WEBHOOK_RETRY_DELAYS: '5s,soon',
    NATS_URL: undefined
  }
  try {
    readConfig(environment)
    t.fail('accepted')
  } catch (error) {
    const mistakes = error instanceof ConfigurationError ? error.mistakes : []
    t.same(mistakes.map((mistake) => mistake.split(':')[0]).toSorted(), [
      'DATABASE_URL',
      'INTERNAL_KEY',
      'NATS_URL',
      'PORT',
      'WEBHOOK_RETRY_DELAYS'
    ])
  }
})

t.test('migrations need the database alone', async (t) => {
  t.equal(readDatabaseUrl({ DATABASE_URL: complete.DATABASE_URL }), complete.DATABASE_URL)
})
