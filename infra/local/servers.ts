import type { RunnerConfig } from './config.ts'
import type { Home } from './home.ts'
import type { Parts } from './parts.ts'
import { ensureDatabase, inDatabase } from './servers/database.ts'
import { type NatsServer, startNats } from './servers/nats.ts'
import type { NatsUser } from './servers/nats-users.ts'
import { startPostgres } from './servers/postgres.ts'
import { startRedis } from './servers/redis.ts'
import type { Server } from './servers/server.ts'
import type { Watchdog } from './supervisor/watchdog.ts'

/** Each service owns a database; none reads another's tables. */
const databases = { tokens: 'patgate_tokens', audit: 'patgate_audit' }

/** The servers of a run: ours, or those that the environment named. */
export interface Servers {
  databaseUrls: { tokens: string; audit: string }
  redisUrl: string
  natsUrl(user: NatsUser): string
  /** NATS as its clients reach it, without a user. */
  natsAddress: string
  /** What a service is told of our own NATS beyond its address; nothing of a server that somebody else runs. */
  natsEnvironment: { gateway: Record<string, string>; tokenService: Record<string, string> }
  /** The listener for MQTT clients of our own NATS. */
  mqttAddress: string | undefined
  pids(): { postgres?: number; redis?: number; nats?: number }
  onRestart(callback: () => void): void
}

export interface ServersOptions {
  config: RunnerConfig
  home: Home
  parts: Parts
  watchdog: Watchdog
  report: (line: string) => void
}

/** Finds and starts what the environment does not name, all at the same time. */
export async function startServers({ config, home, parts, watchdog, report }: ServersOptions): Promise<Servers> {
  const { external } = config
  const options = (name: string) => ({
    directory: home.data(name),
    longestPauseMs: config.longestRestartPauseMs,
    watchdog,
    report
  })
  const keep = async <S extends Server>(starting: Promise<S>): Promise<S> => {
    const server = await starting
    parts.add(server)
    return server
  }
  const starting = {
    postgres: external.databaseUrl === undefined ? keep(startPostgres(options('postgres'))) : undefined,
    redis: external.redisUrl === undefined ? keep(startRedis(options('redis'))) : undefined,
    nats: external.natsUrl === undefined ? keep(startNats(options('nats'))) : undefined
  }
  await allSettledWell(Object.values(starting))
  const [postgres, redis, nats] = [await starting.postgres, await starting.redis, await starting.nats]

  const serverUrl = external.databaseUrl ?? postgres?.url('postgres') ?? ''
  for (const name of Object.values(databases)) {
    await ensureDatabase(serverUrl, name).catch((error: unknown) => {
      throw new Error(
        `The database ${name} is missing and could not be created: ${error instanceof Error ? error.message : error}`
      )
    })
  }
  return {
    databaseUrls: { tokens: inDatabase(serverUrl, databases.tokens), audit: inDatabase(serverUrl, databases.audit) },
    redisUrl: external.redisUrl ?? redis?.url ?? '',
    natsUrl: (user) => external.natsUrl ?? nats?.urls[user] ?? '',
    natsAddress: external.natsUrl ?? nats?.address ?? '',
    natsEnvironment: natsEnvironment(nats),
    mqttAddress: nats?.mqttAddress,
    pids: () => ({ ...pid('postgres', postgres), ...pid('redis', redis), ...pid('nats', nats) }),
    onRestart(callback) {
      for (const server of [postgres, redis, nats]) server?.onRestart(callback)
    }
  }
}

/** Whoever runs a NATS of his own gives these settings with its address: the services inherit them. */
function natsEnvironment(nats: NatsServer | undefined): Servers['natsEnvironment'] {
  if (nats === undefined) return { gateway: {}, tokenService: {} }
  return {
    gateway: { CHANNELS_NATS_URL: nats.urls.channels },
    tokenService: { NATS_SYSTEM_URL: nats.urls.system, CALLOUT_ISSUER_SEED_FILE: nats.calloutSeedFile }
  }
}

/** Waits for all before it fails, so that a server that started beside one that did not is known and stopped. */
async function allSettledWell(starting: (Promise<Server> | undefined)[]): Promise<void> {
  const messages: string[] = []
  for (const result of await Promise.allSettled(starting)) {
    if (result.status === 'rejected')
      messages.push(result.reason instanceof Error ? result.reason.message : String(result.reason))
  }
  if (messages.length > 0) throw new Error(messages.join('\n'))
}

function pid<N extends string>(name: N, server: Server | undefined): { [K in N]?: number } {
  return server === undefined ? {} : ({ [name]: server.pid } as { [K in N]?: number })
}
