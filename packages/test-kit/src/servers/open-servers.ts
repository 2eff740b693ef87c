import type { Teardown } from '../teardown.ts'
import { type NatsOutage, openNatsServer } from './nats-server.ts'
import { sharedServers } from './shared-servers.ts'
import { openTestDatabase } from './test-database.ts'
import { openRedisPrefix } from './test-redis.ts'

/** Real servers with a place on them that belongs to one test alone. */
export interface TestServers {
  /** A fresh, empty PostgreSQL database. */
  readonly databaseUrl: string
  readonly redisUrl: string
  /** Every key the test writes has to begin with this. */
  readonly redisPrefix: string
  /** A nats-server with JetStream that nobody else uses. */
  readonly natsUrl: string
  readonly nats: NatsOutage
}

/** Opens everything a service needs, and takes it down with the test: files may run at the same time. */
export async function openServers(t: Teardown): Promise<TestServers> {
  const { databaseUrl, redisUrl, natsProgram, scratchDirectory } = await sharedServers()
  const redisPrefix = openRedisPrefix(t, redisUrl)
  const [database, nats] = await Promise.all([
    openTestDatabase(t, databaseUrl),
    openNatsServer(t, natsProgram, scratchDirectory)
  ])
  return {
    databaseUrl: database,
    redisUrl,
    redisPrefix,
    natsUrl: nats.url,
    nats: { stop: nats.stop, start: nats.start }
  }
}
