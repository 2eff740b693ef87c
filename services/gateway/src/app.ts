import { type App, createApp } from '@patgate/service-kit'
import { createAssertions } from './assertions/assertions.ts'
import { createAccessEvents } from './audit/access-events.ts'
import { BROKER_AUTH_PREFIX, createBrokerAuth } from './broker-auth/broker-auth.ts'
import { createBrokerJudge } from './broker-auth/judge-question.ts'
import { createTokenById } from './broker-auth/token-by-id.ts'
import { type ChannelDoor, PUBLIC_DOOR } from './channels/channel-door.ts'
import { channelPolicies } from './channels/channel-policies.ts'
import { openChannelServices } from './channels/channel-services.ts'
import { registerChannels } from './channels/register-channels.ts'
import type { Config } from './config.ts'
import { buildConsoleApp } from './console/console-app.ts'
import { createStripper } from './credentials/strip-credentials.ts'
import { createDecider } from './decision/decider.ts'
import type { Deps } from './deps.ts'
import { createForwardAuth, FORWARD_AUTH_PREFIX } from './forward-auth/forward-auth.ts'
import { createJudge } from './forward-auth/judge.ts'
import { createForwardAuthListeners, type ForwardAuthListeners } from './forward-auth/listeners.ts'
import { registerFrontDoor } from './front-door/front-door.ts'
import { createGuard } from './guard/guarded-server.ts'
import { recordRejection } from './guard/record-rejection.ts'
import { streamBodies } from './proxy/stream-bodies.ts'
import { createAddressRateLimits } from './rate-limits/address-rate-limits.ts'
import { createTokenRateLimits } from './rate-limits/token-rate-limits.ts'
import { createAdmission } from './routing/admission.ts'
import { registerProxiedRoutes } from './routing/proxied-routes.ts'
import { openRouteTable } from './routing/route-table.ts'
import { openStreams } from './streams/open-streams.ts'
import { createResolver } from './verify/resolver.ts'
import { createVerifier } from './verify/verifier.ts'

declare module 'fastify' {
  interface FastifyInstance {
    /** Opened beside the application, and closed with it. */
    forwardAuth: ForwardAuthListeners
    /** So for this one, which is listened on where it is not null. */
    console: App | null
  }
}

/** The gateway, in the order of "The request's way through the gateway" (architecture.md). */
export async function buildApp({ config, deps }: { config: Config; deps: Deps }): Promise<App> {
  const { clock, logger, metrics, spool, upstreams, tokenService, tokenServiceInternal, auditService } = deps
  const { tokenPrefix, internalKey } = config
  const events = createAccessEvents({ tokenPrefix, spool })
  const resolver = createResolver(tokenServiceInternal.pool, tokenServiceInternal.origin, internalKey)
  const addressLimits = createAddressRateLimits(deps.rateLimits, config.addressQuotas)
  const verifier = createVerifier({ resolver, clock, metrics, addressLimits, snapshots: deps.snapshots })
  const tokenLimits = createTokenRateLimits(deps.rateLimits)
  const decider = createDecider({
    routes: openRouteTable({ file: deps.patgateFile, upstreams, tokenPrefix }),
    verifier,
    addressLimits,
    tokenLimits,
    usage: deps.usage
  })
  const assertions = createAssertions({ keys: deps.assertionKeys, clock })
  const streams = openStreams({ holder: deps.holder, decider, patgateFile: deps.patgateFile, clock, metrics })
  const proxy = { config, decider, assertions, events, metrics, ...streams }
  const channels = openChannelServices({ tokenPrefix, deps, registry: streams.registry, tokenLimits })
  const onError = (error: unknown) => logger.error({ err: error }, 'a forward-auth call failed')
  const forwardAuth = {
    judge: createJudge({ decider, assertions, events, metrics, onError }),
    stripper: createStripper(tokenPrefix),
    trustedProxies: config.trustedProxies
  }
  const tokenById = createTokenById(resolver, deps.holder)
  const ladder = () => deps.patgateFile.current.ladder
  const brokerAuth = {
    judge: createBrokerJudge({ verifier, tokenById, ladder, clock, events, addressLimits, tokenPrefix }),
    trustedProxies: config.trustedProxies,
    keys: config.brokerAuthKeys,
    onError: (error: unknown) => logger.error({ err: error }, 'a call of a broker failed'),
    events
  }

  const policiesAt = (door: ChannelDoor) =>
    channelPolicies({ config, decider, verifier, addressLimits, metrics, ...channels, door })

  const app = await createApp({
    logger,
    metrics: metrics.process,
    // The guard first: whatever comes after it sees one canonical request, or none.
    listener: createGuard(recordRejection(events, metrics), [
      { prefix: FORWARD_AUTH_PREFIX, listener: createForwardAuth(forwardAuth).overTcp },
      { prefix: BROKER_AUTH_PREFIX, listener: createBrokerAuth(brokerAuth) }
    ]),
    enforcement: {
      decision: createAdmission(proxy),
      front_door: null,
      ...policiesAt(PUBLIC_DOOR)
    }
  })
  streamBodies(app)
  app.decorateRequest('admission', null)
  // The control API before the routes of `patgate.yaml`, which take everything else: deny is their default.
  registerFrontDoor(app, { config, metrics, tokenService, auditService })
  registerChannels(app, channels)
  registerProxiedRoutes(app, proxy)
  app.decorate('forwardAuth', createForwardAuthListeners(config, forwardAuth))
  const services = { tokenService, auditService, channels, policiesAt }
  app.decorate('console', await buildConsoleApp({ config, logger, metrics, events, ...services }))
  // What has no end of its own would keep the servers from closing.
  app.addHook('preClose', async () => streams.shutDown())
  app.addHook('preClose', async () => {
    await Promise.all([app.forwardAuth.close(), app.console?.close()])
  })
  app.addHook('onClose', async () => {
    streams.close()
    channels.close()
  })
  await app.ready()
  return app
}
