import { ensureChannelStreams, openBus } from '@patgate/event-bus'
import { openNatsWithAccounts, type Teardown, until } from '@patgate/test-kit'
import type { Client } from '../support/client.ts'
import { openService, type TestService } from '../support/service.ts'

export type Nats = Awaited<ReturnType<typeof openNatsWithAccounts>>

/** The service and a NATS that asks it, with an administrator who owns the groups `demo` and `other`. */
export interface Place {
  readonly nats: Nats
  readonly service: TestService
  readonly admin: Client
  /** Gateways' own connection to the store of messages. */
  readonly store: Awaited<ReturnType<typeof openBus>['connection']>
  /** The secret of a token of the administrator with these rights on channels: `demo/orders: publish subscribe`. */
  tokenFor(...rights: readonly string[]): Promise<string>
}

export async function openPlace(t: Teardown, environment: NodeJS.ProcessEnv = {}): Promise<Place> {
  const nats = await openNatsWithAccounts(t)
  const service = await openService(t, undefined, { ...natsEnvironment(nats), ...environment })
  const admin = await service.asAdmin()
  for (const slug of ['demo', 'other']) await admin.call('POST /v1/groups', { slug, name: slug })
  const bus = openBus({ url: nats.urls.channels, name: 'gateway' })
  t.teardown(() => bus.close())
  const store = await bus.connection
  await ensureChannelStreams(store, { maxAgeMs: 3_600_000, maxBytes: -1, replicas: 1, hasIntake: true })
  await until(() => service.deps.bus.isConnected(), { message: 'the service can be asked' })
  return {
    nats,
    service,
    admin,
    store,
    async tokenFor(...rights) {
      const { secret } = await admin.createToken({ scopes: rights.map(scopeOf) })
      return secret
    }
  }
}

export function natsEnvironment(nats: Nats): NodeJS.ProcessEnv {
  return {
    NATS_URL: nats.urls['token-service'],
    NATS_SYSTEM_URL: nats.urls.system,
    CALLOUT_ISSUER_SEED_FILE: nats.calloutSeedFile
  }
}

/** `demo/orders: publish subscribe` as a scope; `*` in either place for all. */
export function scopeOf(right: string): object {
  const [, group, channel, operations = ''] = /^([^/]+)\/(.+): (.*)$/.exec(right) ?? []
  return { group, entity_type: 'channel', entity_id: channel, operations: operations.split(' ') }
}
