import type { Teardown } from '../teardown.ts'
import type { DatabaseTemplate } from './database-template.ts'
import { type NatsOutage, openNatsServer } from './nats-server.ts'
import { sharedServers } from './shared-servers.ts'
import { openTestDatabase } from './test-database.ts'
import { openRedisPrefix } from './test-redis.ts'

/** What a service needs that keeps no tables: a place on real servers that belongs to one test alone. */
export interface TestBrokers {
  readonly redisUrl: string
  /** Every key the test writes has to begin with this. */
  readonly redisPrefix: string
  /** A nats-server with JetStream that nobody else uses. */
  readonly natsUrl: string
  readonly nats: NatsOutage
}

/** The same, with a place for tables. */
export interface TestServers extends TestBrokers {
  /** A PostgreSQL database, empty unless the test asked for a copy of a template. */
  readonly databaseUrl: string
}

/** Opens Redis and NATS for one test and takes them down with it: files may run at the same time. */
export async function openBrokers(t: Teardown): Promise<TestBrokers> {
  const { redisUrl, natsProgram, scratchDirectory } = await sharedServers()
  const redisPrefix = openRedisPrefix(t, redisUrl)
  const { url, stop, start } = await openNatsServer(t, natsProgram, scratchDirectory)
  return { redisUrl, redisPrefix, natsUrl: url, nats: { stop, start } }
}

/** Opens everything a service needs, and takes it down with the test. */
export async function openServers(t: Teardown, template?: DatabaseTemplate): Promise<TestServers> {
  const { databaseUrl: serverUrl } = await sharedServers()
  const [databaseUrl, brokers] = await Promise.all([openTestDatabase(t, serverUrl, template), openBrokers(t)])
  return { databaseUrl, ...brokers }
}
