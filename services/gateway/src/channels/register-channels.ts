import { type App, type Clock, Fault, type LivePatgateFile } from '@patgate/service-kit'
import type { ChannelEvents } from '../audit/channel-events.ts'
import { ALLOWED_METHODS } from '../guard/guard-request.ts'
import { UpgradeResponse } from '../guard/upgrade-response.ts'
import type { StreamRegistry } from '../streams/stream-registry.ts'
import type { Channels } from './channels.ts'
import { answerEvents } from './event-stream.ts'
import { healthOf } from './health.ts'
import type { KeptAlive } from './keep-alive.ts'
import { answerPublish } from './publish.ts'
import type { PublishTally } from './publish-tally.ts'
import type { Spending } from './stream-publisher.ts'
import { createAcceptor, openChannelWebSocket } from './web-socket.ts'

/** What every door to the channels of this process has in common. */
export interface ChannelServices {
  readonly patgateFile: LivePatgateFile
  readonly channels: Channels
  readonly events: ChannelEvents
  readonly registry: StreamRegistry
  readonly alive: KeptAlive
  readonly tally: PublishTally
  readonly spend: Spending
  readonly clock: Clock
}

/**
 * `/m/<group>/c/<channel>…` and `/hc/<group>` on one listener, whose application enforces the policies `channel` and
 * `member` with the hooks of its door (`channelPolicies`).
 */
export function registerChannels(app: App, services: ChannelServices): void {
  const { patgateFile } = services
  const acceptor = createAcceptor()
  app.decorateRequest('channel', null)

  app.route({
    method: [...ALLOWED_METHODS],
    url: '/m/*',
    config: { policy: 'channel' },
    handler: async (request, reply) => {
      const { channel } = request
      if (channel === null) throw new Fault('internal', { message: 'a request on a channel was not decided on' })
      const options = { ...services, audit: patgateFile.current.channels.audit }
      if (channel.action === 'publish') return answerPublish(request, reply, channel, options)
      if (channel.action === 'events') await answerEvents(reply, channel, options)
      else if (reply.raw instanceof UpgradeResponse) {
        await openChannelWebSocket(acceptor, request, reply, reply.raw, channel, options)
      }
      return reply
    }
  })

  app.get('/hc/:group', { config: { policy: 'member' } }, async (request, reply) =>
    reply.header('cache-control', 'no-store').send(healthOf(request, services.clock))
  )
}
