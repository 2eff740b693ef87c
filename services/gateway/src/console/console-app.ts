import { type App, consoleCookieName, createApp, type Logger, type PolicyEnforcement } from '@patgate/service-kit'
import type { AccessEvents } from '../audit/access-events.ts'
import type { ChannelDoor } from '../channels/channel-door.ts'
import { type ChannelServices, registerChannels } from '../channels/register-channels.ts'
import type { Config } from '../config.ts'
import { registerFrontDoor } from '../front-door/front-door.ts'
import { createGuard } from '../guard/guarded-server.ts'
import { recordRejection } from '../guard/record-rejection.ts'
import type { GatewayMetrics } from '../metrics.ts'
import { streamBodies } from '../proxy/stream-bodies.ts'
import type { UpstreamPool } from '../proxy/upstreams.ts'
import { securityHeaders } from './security-headers.ts'
import { registerStaticFiles } from './static-files.ts'

export interface ConsoleAppOptions {
  readonly config: Config
  readonly logger: Logger
  readonly metrics: GatewayMetrics
  readonly events: AccessEvents
  readonly tokenService: UpstreamPool
  readonly auditService: UpstreamPool
  readonly channels: ChannelServices
  /** What is demanded of calls on channels, at a listener where this counts as a credential. */
  readonly policiesAt: (door: ChannelDoor) => PolicyEnforcement
}

/**
 * The console's own listener and origin (api.md, "Who may call"): its pages, the control API and the channels
 * with its cookie. It never
 * proxies: a page that an upstream serves must not be able to act with that cookie. Null where no port is configured.
 */
export async function buildConsoleApp(options: ConsoleAppOptions): Promise<App | null> {
  const { config, logger, metrics, events, tokenService, auditService, channels, policiesAt } = options
  if (config.console === null) return null
  const { origin, directory } = config.console
  const door = { sessionCookies: [consoleCookieName(origin)], cookieOrigin: origin }

  const app = await createApp({
    logger,
    metrics: metrics.process,
    listener: createGuard(recordRejection(events, metrics), []),
    enforcement: { public: null, front_door: null, ...policiesAt(door) }
  })
  streamBodies(app)
  const headers = securityHeaders(origin)
  app.addHook('onRequest', async (_request, reply) => void reply.headers(headers))
  registerFrontDoor(app, { config, metrics, tokenService, auditService, consoleOrigin: origin })
  registerChannels(app, channels)
  await registerStaticFiles(app, { directory, consoleOrigin: origin })
  await app.ready()
  return app
}
