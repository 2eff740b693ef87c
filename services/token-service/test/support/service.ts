import { generateKeyPairSync } from 'node:crypto'
import { fileURLToPath } from 'node:url'
import type { Clock } from '@patgate/service-kit'
import { createLogger } from '@patgate/service-kit'
import { type CapturedLogs, captureLogs, openServers, type Teardown, type TestServers } from '@patgate/test-kit'
import { buildApp } from '../../src/app.ts'
import { type Config, readConfig } from '../../src/config.ts'
import { type Deps, openDeps } from '../../src/deps.ts'
import { buildInternalApp } from '../../src/internal-app.ts'
import { type Client, createClient } from './client.ts'
import { MIGRATED } from './migrated.ts'

export const ADMIN = { email: 'admin@example.org', password: 'the first password' }
export const INTERNAL_KEY = 'an internal key of at least 32 bytes'

const privateKey = generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()

/** The whole service on real servers, built as production builds it; requests go in without a socket. */
export interface TestService {
  readonly deps: Deps
  readonly config: Config
  readonly servers: TestServers
  readonly logs: CapturedLogs
  readonly app: Awaited<ReturnType<typeof buildApp>>
  readonly internalApp: Awaited<ReturnType<typeof buildInternalApp>>
  /** Nobody in particular. */
  readonly anybody: Client
  signIn(email: string, password: string): Promise<Client>
  asAdmin(): Promise<Client>
  /** A new person, signed in. */
  asNewPerson(name: string): Promise<Client>
}

export async function openService(
  t: Teardown,
  clock?: Clock,
  environment: NodeJS.ProcessEnv = {}
): Promise<TestService> {
  const servers = await openServers(t, MIGRATED)
  const config = readConfig({ ...environmentFor(servers), ...environment })
  const logs = captureLogs()
  const deps = await openDeps(config, createLogger('token-service', 'debug', logs.stream), clock)
  const app = await buildApp(deps)
  const internalApp = await buildInternalApp(deps)
  t.teardown(async () => {
    await Promise.all([app.close(), internalApp.close()])
    await deps.close()
  })
  const anybody = createClient(app, null)

  async function signIn(email: string, password: string): Promise<Client> {
    const { status, body } = await anybody.call('POST /v1/sessions', { email, password })
    if (status !== 201) throw new Error(`${email} could not sign in: ${JSON.stringify(body)}`)
    return createClient(app, body)
  }
  const asAdmin = (): Promise<Client> => signIn(ADMIN.email, ADMIN.password)
  return {
    deps,
    config,
    servers,
    logs,
    app,
    internalApp,
    anybody,
    signIn,
    asAdmin,
    async asNewPerson(name) {
      const person = { email: `${name}@example.org`, name, password: `the password of ${name}` }
      const admin = await asAdmin()
      await admin.call('POST /v1/users', person)
      return signIn(person.email, person.password)
    }
  }
}

export function environmentFor(servers: TestServers): NodeJS.ProcessEnv {
  return {
    HOST: '127.0.0.1',
    PORT: '0',
    INTERNAL_PORT: '0',
    OPS_PORT: '0',
    DATABASE_URL: servers.databaseUrl,
    REDIS_URL: servers.redisUrl,
    REDIS_PREFIX: servers.redisPrefix,
    NATS_URL: servers.natsUrl,
    PATGATE_CONFIG: fileURLToPath(new URL('patgate.yaml', import.meta.url)),
    INTERNAL_KEY,
    SESSION_KEY: privateKey,
    ADMIN_EMAIL: ADMIN.email,
    ADMIN_PASSWORD: ADMIN.password
  }
}
