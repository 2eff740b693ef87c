import { mkdtempSync, rmSync } from 'node:fs'
import type { RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Clock, createLogger, parsePatgateFile } from '@patgate/service-kit'
import {
  captureLogs,
  type NatsOutage,
  openBrokers,
  type RecordingUpstream,
  recordingUpstream,
  type Teardown,
  until
} from '@patgate/test-kit'
import { buildApp } from '../../src/app.ts'
import type { Config } from '../../src/config.ts'
import { type Deps, openDeps } from '../../src/deps.ts'
import type { ForwardAuthListeners } from '../../src/forward-auth/listeners.ts'
import { INTERNAL_KEY, type TokenServiceDouble, tokenServiceDouble } from './token-service.ts'

/** A gateway over real sockets, with a real upstream behind it and a token service that a test commands. */
export interface TestGateway {
  readonly url: string
  readonly port: number
  readonly upstream: RecordingUpstream
  readonly tokenService: TokenServiceDouble
  readonly deps: Deps
  readonly natsUrl: string
  readonly nats: NatsOutage
  /** Where the console listens; empty where it is not configured. */
  readonly consoleUrl: string
  readonly forwardAuthPorts: ForwardAuthListeners['ports']
  readonly declaredPolicies: readonly { url: string; policy: string }[]
  logs(): string
  /** Ends it as a signal would. */
  close(): Promise<void>
}

export interface TestGatewayOptions {
  /** The `routes` of `patgate.yaml`. */
  readonly routes?: string
  /** What stands in the `channels` of `patgate.yaml`. */
  readonly channels?: string
  readonly answer?: RequestListener
  readonly clock?: Clock
  readonly config?: Partial<Config>
  /** Where the upstream is said to be, if not where it is. */
  readonly upstreamUrl?: string
  /** How many of them a gateway opens to the upstream at most. */
  readonly connections?: number
}

export const ROUTES = `
  - { path: /public/*, upstream: demo, public: true }
  - { resource: dashboard, path: /api/groups/:group/dashboards, upstream: demo }
  - { path: /admin/*, upstream: demo, group: demo, entity_type: dashboard, operations: { GET: read, POST: create, PUT: update } }
`

/** Every event of a test counts, however fast they come. */
const NO_FLOOD = { perAddress: 10_000, perGateway: 10_000 }

/** Tests are refused often, and all from one address. */
const NO_QUOTAS = {
  failed_authentication: { requests: 100_000, perSeconds: 60 },
  unknown_token: { requests: 100_000, perSeconds: 60 }
}

export async function startGateway(t: Teardown, options: TestGatewayOptions = {}): Promise<TestGateway> {
  const { natsUrl, nats, redisUrl, redisPrefix } = await openBrokers(t)
  const upstream = await recordingUpstream(t, options.answer)
  const tokenService = await tokenServiceDouble(t)
  const logs = captureLogs()
  const config: Config = {
    host: '127.0.0.1',
    port: 0,
    operationsPort: 0,
    logLevel: 'info',
    name: 'test',
    natsUrl,
    redisUrl,
    redisPrefix,
    addressQuotas: NO_QUOTAS,
    file: parsePatgateFile(fileOf(options.upstreamUrl ?? upstream.url, options)),
    patgateFile: 'patgate.yaml',
    internalKey: INTERNAL_KEY,
    tokenServiceUrl: tokenService.url,
    tokenServiceInternalUrl: tokenService.url,
    auditServiceUrl: tokenService.url,
    trustedProxies: undefined,
    brokerAuthKeys: [],
    forwardAuthPort: null,
    forwardAuthSocket: null,
    envoyGrpcPort: null,
    console: null,
    forwardedFrom: undefined,
    channels: {
      natsUrl,
      hasIntake: false,
      maxAgeMs: 3_600_000,
      maxBytes: 64 * 1024 * 1024,
      replicas: 1,
      secrets: [INTERNAL_KEY]
    },
    tokenPrefix: 'pat',
    snapshotCapacity: 1_000,
    upstreamUrls: new Map(),
    spool: { directory: temporaryFolder(t), maxBytes: 16 * 1024 * 1024, whenFull: 'block' },
    ...options.config
  }
  const logger = createLogger('gateway', 'info', logs.stream)
  const deps = await openDeps(config, {
    logger,
    flood: NO_FLOOD,
    ...(options.clock === undefined ? {} : { clock: options.clock })
  })
  t.teardown(() => deps.close())
  const app = await buildApp({ config, deps })
  t.teardown(() => {
    app.server.closeAllConnections()
    return app.close()
  })
  await until(() => deps.holder.lease.isLive())
  await app.forwardAuth.open()
  const consoleUrl = (await app.console?.listen({ host: config.host, port: 0 })) ?? ''
  await app.listen({ host: config.host, port: 0 })
  const { port } = app.server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    upstream,
    tokenService,
    deps,
    natsUrl,
    nats,
    consoleUrl,
    forwardAuthPorts: app.forwardAuth.ports,
    declaredPolicies: app.declaredPolicies,
    logs: logs.text,
    close: () => app.close()
  }
}

export function temporaryFolder(t: Teardown): string {
  const folder = mkdtempSync(join(tmpdir(), 'patgate-spool-'))
  t.teardown(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

function fileOf(upstreamUrl: string, { routes = ROUTES, channels = '', connections = 64 }: TestGatewayOptions): string {
  return `
channels: { ${channels} }
entity_types: { dashboard: {}, dataset: {} }
upstreams:
  demo: { url: "${upstreamUrl}", timeout: 1s, connections: ${connections} }
routes:
${routes}
`
}
