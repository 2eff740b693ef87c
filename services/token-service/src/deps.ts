import type { KeyObject } from 'node:crypto'
import { migrateToLatest, openDatabase } from '@patgate/database'
import type { RoleLadder } from '@patgate/domain'
import { type Bus, openBus } from '@patgate/event-bus'
import {
  type Clock,
  createMetrics,
  type InternalAccess,
  internalAccess,
  LivePatgateFile,
  type Logger,
  loadPatgateFile,
  longestGrace,
  type Metrics,
  systemClock
} from '@patgate/service-kit'
import { createSessionAnswers, type SessionAnswers } from './authentication/session-answers.ts'
import type { ChangeDeps } from './changes/record-change.ts'
import { startRelay } from './changes/relay.ts'
import { type ChannelClients, startChannelClients } from './channel-clients/channel-clients.ts'
import { type Coherence, startCoherence } from './coherence/coherence.ts'
import type { ConfirmationLog } from './coherence/confirmations.ts'
import type { Config } from './config.ts'
import { migrations } from './database/migrations.ts'
import type { Schema } from './database/schema.ts'
import { type LimitStore, openLimitStore } from './limits/limit-store.ts'
import { closedPostbox, openPostbox, type Postbox } from './mail/postbox.ts'
import { startMaintenance } from './maintenance/maintenance.ts'
import { createOidcProvider, type OidcProvider } from './oidc/provider.ts'
import { createFlowSeal, type FlowSeal } from './oidc/sealed-flow.ts'
import { openRedisAnswers } from './resolve/redis-answers.ts'
import { createTokenAnswers, type TokenAnswers } from './resolve/token-answers.ts'
import { createServiceMetrics } from './service-metrics.ts'
import { createSignInLimits, type SignInLimits } from './sessions/sign-in-limits.ts'
import { openSigningKeys, type SigningKeys } from './signing-keys/signing-keys.ts'
import type { EntityTypes } from './tokens/granted-scopes.ts'
import { createLeakReportLimit, type LeakReportLimit } from './tokens/leaks/leak-report-limit.ts'
import { type ReuseWatch, watchReuse } from './tokens/reuse/reuse-watch.ts'
import { startUsageRollUp } from './usage/usage-roll-up.ts'
import { createFirstAdministrator } from './users/first-administrator.ts'

/** Everything the applications are built from; each handler declares the fields it uses. */
export interface Deps extends ChangeDeps {
  readonly bus: Bus
  readonly coherence: Coherence
  readonly confirmations: ConfirmationLog
  readonly tokenAnswers: TokenAnswers
  readonly sessionAnswers: SessionAnswers
  readonly reuseWatch: ReuseWatch
  readonly limits: LimitStore
  readonly leakReportLimit: LeakReportLimit
  readonly logger: Logger
  readonly metrics: Metrics
  readonly internalAccess: InternalAccess
  /** `patgate.yaml`, which may be reloaded at any time; the next two are what it says now. */
  readonly patgateFile: LivePatgateFile
  readonly entityTypes: EntityTypes
  readonly ladder: RoleLadder
  readonly sessionKey: KeyObject
  readonly sessionLifetimeMs: number
  readonly signInLimits: SignInLimits
  readonly oidc: OidcProvider | null
  readonly issuer: string
  /** Null where nothing is signed for others. */
  readonly signingKeys: SigningKeys | null
  readonly flowSeal: FlowSeal
  readonly tokenPrefix: string
  /** Where mails go that tell of what has committed. */
  readonly postbox: Postbox
  /** Closes what was opened, last one first. */
  close(): Promise<void>
}

/** Opens the servers and starts what runs by itself. Fails, with all closed again, when it cannot be done safely. */
export async function openDeps(config: Config, logger: Logger, clock: Clock = systemClock): Promise<Deps> {
  const patgateFile = new LivePatgateFile(loadPatgateFile(config.patgateFile))
  const opened = new AsyncDisposableStack()
  try {
    const database = openDatabase<Schema>({
      url: config.databaseUrl,
      onIdleError: (error) => logger.warn({ err: error }, 'a connection to PostgreSQL broke')
    })
    opened.defer(() => database.destroy())
    await migrateToLatest(database, migrations)

    const bus = openBus({ url: config.natsUrl, name: 'token-service' })
    opened.defer(() => bus.close())
    const relay = startRelay({ database, bus, logger })
    opened.defer(() => relay.stop())

    const metrics = createMetrics()
    const longestGraceMs = patgateFile.derive(longestGrace)
    const coherence = startCoherence({ database, bus, clock, logger, metrics, longestGraceMs })
    opened.defer(() => coherence.stop())
    const redisAnswers = openRedisAnswers({
      redisUrl: config.redisUrl,
      keyPrefix: config.redisPrefix,
      onError: (error) => logger.warn({ err: error }, 'answers are not kept in Redis for now')
    })
    opened.defer(() => redisAnswers.close())

    let channelClients: ChannelClients | null = null
    const onCommitted: ChangeDeps['onCommitted'] = (changes) => {
      relay.wake()
      coherence.announce(changes)
      if (changes.some(({ selector }) => selector !== null)) channelClients?.wake()
    }
    const changing = { database, clock, onCommitted, waitInForce: coherence.waitInForce }
    await createFirstAdministrator({ ...changing, logger }, config.firstAdministrator)

    const reuseWatch = watchReuse({ ...changing, logger })
    opened.defer(() => reuseWatch.stop())
    const limits = openLimitStore({ ...config, logger })
    opened.defer(() => limits.close())
    createServiceMetrics(metrics, database)
    const postbox = config.mail === null ? closedPostbox : openPostbox
    const usage = startUsageRollUp({ database, clock, postbox, bus, logger, metrics })
    opened.defer(() => usage.stop())
    const maintenance = await startMaintenance({ ...changing, postbox, logger, metrics, config })
    opened.defer(() => maintenance.close())

    const directory = config.signingKeysDirectory
    const signingKeys = directory === null ? null : openSigningKeys({ directory, logger })
    opened.defer(() => signingKeys?.close())

    const tokenAnswers = createTokenAnswers({ database, clock, reuseWatch }, coherence.holder, redisAnswers)
    const ladder = () => patgateFile.current.ladder
    if (config.channelClients !== null) {
      const { tokenPrefix } = config
      const channelDeps = { ...changing, bus, postbox, logger, metrics, tokenPrefix, tokenAnswers, ladder }
      channelClients = startChannelClients(channelDeps, config.channelClients)
      patgateFile.onChange(channelClients.reviewAll)
      opened.defer(() => channelClients?.stop())
    }

    return {
      ...changing,
      bus,
      coherence,
      confirmations: coherence.confirmations,
      reuseWatch,
      limits,
      leakReportLimit: createLeakReportLimit(limits),
      tokenAnswers,
      sessionAnswers: createSessionAnswers({ database, clock, reuseWatch }, coherence.holder),
      logger,
      metrics,
      internalAccess: internalAccess(config.internalKeys),
      patgateFile,
      get entityTypes() {
        return patgateFile.current.entityTypes
      },
      get ladder() {
        return ladder()
      },
      issuer: config.issuer,
      signingKeys,
      sessionKey: config.sessionKey,
      sessionLifetimeMs: config.sessionLifetimeMs,
      signInLimits: createSignInLimits(limits, config.signInLimits),
      oidc: config.oidc === null ? null : createOidcProvider(config.oidc),
      flowSeal: createFlowSeal(config.sessionKey),
      tokenPrefix: config.tokenPrefix,
      postbox,
      close: () => opened.disposeAsync()
    }
  } catch (error) {
    await opened.disposeAsync()
    throw error
  }
}
