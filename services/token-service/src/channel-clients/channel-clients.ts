import { openBus } from '@patgate/event-bus'
import type { Logger, Metrics } from '@patgate/service-kit'
import type { ChangeDeps } from '../changes/record-change.ts'
import type { RollUpDeps } from '../usage/roll-up.ts'
import type { AdmitDeps } from './admit-client.ts'
import { startCallout } from './callout.ts'
import { createCalloutSigner } from './callout-signer.ts'
import type { ChannelClientSettings } from './channel-client-settings.ts'
import { createChannelMetrics } from './channel-metrics.ts'
import { openClientUses } from './client-uses.ts'
import { type Registration, registerConnections } from './connections.ts'
import { openDenialLog } from './denial-log.ts'
import { followDisconnects } from './disconnects.ts'
import { type End, endConnections } from './end-connections.ts'
import { startEnforcement } from './enforcement.ts'
import { createFailureLimit } from './failure-limit.ts'
import { createGroupCommit } from './group-commit.ts'

export interface ChannelClientsDeps
  extends ChangeDeps,
    Pick<AdmitDeps, 'bus' | 'tokenPrefix' | 'tokenAnswers' | 'ladder'>,
    RollUpDeps {
  readonly logger: Logger
  readonly metrics: Metrics
}

/** This process's part in letting MQTT and NATS clients in, and in ending their connections (channels.md). */
export interface ChannelClients {
  /** Rights were changed: connections may have to end. */
  wake(): void
  /** The roles of `patgate.yaml` have changed. */
  reviewAll(): void
  stop(): Promise<void>
}

/** What connections leave in the change log are events: nobody's rights change by them. */
const NOBODY_WAITS = { gateways: 0, confirmed: 0, expired: 0, took_ms: 0 }

export function startChannelClients(given: ChannelClientsDeps, settings: ChannelClientSettings): ChannelClients {
  const { logger, database } = given
  const system = openBus({ url: settings.systemUrl, name: 'token-service' })
  const metrics = createChannelMetrics(given.metrics, database, system.isConnected)
  const deps = { ...given, system, metrics, waitInForce: async () => NOBODY_WAITS }
  const denialLog = openDenialLog(deps)
  const uses = openClientUses(deps)
  const register = createGroupCommit((registrations: readonly Registration[]) =>
    registerConnections(deps, registrations)
  )
  const end = createGroupCommit(async (ends: readonly End[]) => {
    await endConnections(deps, ends)
    return ends
  })
  const followed = followDisconnects(system, (over) => {
    end(over).catch((error: unknown) => logger.warn({ err: error }, 'the end of a connection was not recorded'))
  })
  const callout = startCallout({
    ...deps,
    signer: createCalloutSigner(settings.calloutSeed),
    sessionMaxMs: settings.sessionMaxMs,
    failureLimit: createFailureLimit(settings.failuresPerMinute),
    denialLog,
    uses,
    register
  })
  const enforcement = startEnforcement(deps)

  return {
    wake: enforcement.wake,
    reviewAll: enforcement.reviewAll,
    async stop() {
      await callout.stop()
      followed.stop()
      await enforcement.stop()
      await Promise.all([denialLog.stop(), uses.stop()])
      await system.close()
    }
  }
}
