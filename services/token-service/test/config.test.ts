import { generateKeyPairSync } from 'node:crypto'
import { chmodSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createAccount } from '@nats-io/nkeys'
import { ConfigurationError } from '@patgate/service-kit'
import { test } from 'tap'
import { readConfig } from '../src/config.ts'

const pem = generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
const wrongPem = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  .privateKey.export({ type: 'pkcs8', format: 'pem' })
  .toString()
const REQUIRED = {
  DATABASE_URL: 'postgres://localhost/tokens',
  REDIS_URL: 'redis://localhost',
  NATS_URL: 'nats://localhost',
  INTERNAL_KEY: 'k'.repeat(32),
  SESSION_KEY: pem
}

const CLIENTS = {
  NATS_SYSTEM_URL: 'nats://patgate-system:secret@127.0.0.1:4222',
  CALLOUT_ISSUER_SEED: Buffer.from(createAccount().getSeed()).toString()
}
const OIDC = {
  OIDC_ISSUER: 'https://id.example.org',
  OIDC_CLIENT_ID: 'patgate',
  OIDC_CLIENT_SECRET: 'secret',
  OIDC_REDIRECT_URL: 'https://console.example.org/v1/oidc/callback'
}

test('the configuration', async (t) => {
  await t.test('has defaults for what is not a secret or a server', async (t) => {
    const config = readConfig(REQUIRED)
    t.match(config, {
      redisPrefix: 'patgate',
      tokenPrefix: 'pat',
      sessionLifetimeMs: 36_000_000,
      signInLimits: { failuresPerEmail: 10, failuresPerAddress: 100, windowMs: 900_000 },
      oidc: null,
      firstAdministrator: null
    })
    t.match(readConfig({ ...REQUIRED, ...OIDC }).oidc, {
      issuer: OIDC.OIDC_ISSUER,
      redirectUrl: OIDC.OIDC_REDIRECT_URL
    })
    t.ok(Object.isFrozen(config))
  })

  await t.test('names every missing variable at once', async (t) => {
    try {
      readConfig({})
      t.fail('should have been refused')
    } catch (error) {
      t.ok(error instanceof ConfigurationError)
      for (const name of Object.keys(REQUIRED)) t.match(String(error), name)
    }
  })

  await t.test('MQTT and NATS clients are let in where it is said how', async (t) => {
    t.equal(readConfig(REQUIRED).channelClients, null)
    t.match(readConfig({ ...REQUIRED, ...CLIENTS }).channelClients, { sessionMaxMs: 900_000 })
  })

  const refused: Record<string, Record<string, string>> = {
    'a session key of another kind': { SESSION_KEY: wrongPem },
    'a session key that is none': { SESSION_KEY: 'key' },
    'an internal key that is too short': { INTERNAL_KEY: 'short' },
    'a prefix that could not be scanned for': { TOKEN_PREFIX: 'Pat_' },
    'an administrator without a password': { ADMIN_EMAIL: 'a@example.org' },
    'a lifetime that is none': { SESSION_LIFETIME: '1h30m' },
    'a limit of no failures': { SIGN_IN_FAILURES_PER_EMAIL: '0' },
    'a sign-in provider of which too little is known': { OIDC_ISSUER: 'https://id.example.org' },
    'a sign-in provider without TLS': { ...OIDC, OIDC_ISSUER: 'http://id.example.org' },
    'a way back from the provider without TLS': {
      ...OIDC,
      OIDC_REDIRECT_URL: 'http://console.example.org/v1/oidc/callback'
    },
    'a port beyond the last': { PORT: '65536' },
    'clients that nobody could let in': { NATS_SYSTEM_URL: 'nats://127.0.0.1:4222' },
    'a seed that is not that of an account': { ...CLIENTS, CALLOUT_ISSUER_SEED: 'SUAM' },
    'a system account that is not on NATS': { ...CLIENTS, NATS_SYSTEM_URL: 'http://127.0.0.1' },
    'clients that would have to come back all the time': { ...CLIENTS, CHANNEL_SESSION_MAX: '1s' }
  }
  for (const [name, environment] of Object.entries(refused)) {
    await t.test(`${name} is refused`, async (t) => {
      t.throws(() => readConfig({ ...REQUIRED, ...environment }), ConfigurationError)
    })
  }

  await t.test('a session key that others may read is refused', async (t) => {
    const path = join(t.testdir(), 'session-key.pem')
    writeFileSync(path, pem, { mode: 0o600 })
    const { SESSION_KEY: _, ...others } = REQUIRED
    t.ok(readConfig({ ...others, SESSION_KEY_FILE: path }))
    chmodSync(path, 0o644)
    t.throws(() => readConfig({ ...others, SESSION_KEY_FILE: path }), /readable by others/)
  })
})
