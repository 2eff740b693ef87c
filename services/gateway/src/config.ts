import type { BlockList } from 'node:net'
import type { ChannelStreamsOptions } from '@patgate/event-bus'
import {
  address,
  ConfigurationError,
  count,
  durationMs,
  loadPatgateFile,
  networks,
  origin,
  type PatgateFile,
  port,
  readEnvironment,
  type ServiceSettings,
  secrets,
  serviceEnvironment,
  serviceSettings,
  str,
  tokenPrefix
} from '@patgate/service-kit'
import type { AddressQuotas } from './rate-limits/address-rate-limits.ts'

const service = {
  ...serviceEnvironment({ work: 8080, operations: 9080 }),
  GATEWAY_NAME: str({ default: 'gateway', desc: "This gateway's name in audit events and lists" }),
  PATGATE_CONFIG: str({ default: 'patgate.yaml', desc: 'The file with upstreams, entity types and routes' }),
  TOKEN_SERVICE_URL: address(['http', 'https']),
  TOKEN_SERVICE_INTERNAL_URL: address(['http', 'https']),
  AUDIT_SERVICE_URL: address(['http', 'https']),
  BROKER_AUTH_KEY: secrets({
    default: undefined,
    desc: 'What a broker beyond TRUSTED_PROXIES presents as a bearer token'
  }),
  TRUSTED_PROXIES: networks({ default: undefined, desc: 'Networks that may call forward-auth and broker-auth' }),
  FORWARD_AUTH_PORT: port({
    default: undefined,
    desc: 'Forward-auth and nothing else, for proxies; 0 takes a free port'
  }),
  FORWARD_AUTH_SOCKET: str({ default: '', desc: 'The same on a Unix socket, for a proxy on this machine' }),
  ENVOY_GRPC_PORT: port({ default: undefined, desc: "Envoy's ext_authz over gRPC; 0 takes a free port" }),
  CHANNELS_NATS_URL: address(['nats', 'tls'], {
    default: '',
    desc: 'NATS as the user patgate-channels (infra/nats); without it channels have no MQTT and NATS clients'
  }),
  CHANNEL_MAX_AGE: durationMs({ default: 24 * 60 * 60 * 1_000, desc: 'How long messages can be replayed' }),
  CHANNEL_MAX_BYTES: count({ default: 1024 * 1024 * 1024, desc: 'How many bytes of them are kept at most' }),
  CHANNEL_REPLICAS: count({ default: 1, desc: 'How many servers of a NATS cluster keep each of them' }),
  CONSOLE_PORT: port({ default: undefined, desc: 'The console, an origin of its own' }),
  CONSOLE_ORIGIN: origin({
    default: undefined,
    desc: 'How browsers reach that port; http://127.0.0.1:<port> unless said'
  }),
  CONSOLE_DIR: str({ default: 'packages/console/dist', desc: 'The built console' }),
  FORWARDED_FROM: networks({ default: undefined, desc: 'Networks whose X-Forwarded-* headers are believed' }),
  FAILED_AUTHENTICATIONS_PER_MINUTE: count({
    default: 6_000,
    desc: 'How many refused credentials one address may send before it has to wait'
  }),
  UNKNOWN_TOKENS_PER_MINUTE: count({ default: 1_200, desc: 'How many of them may be tokens that never existed' }),
  L1_ENTRIES: count({ default: 1_000_000, desc: 'How many tokens and sessions are kept in memory at most' }),
  TOKEN_PREFIX: tokenPrefix({ default: 'pat', desc: 'What every token begins with' }),
  SPOOL_DIR: str({ desc: 'Where audit events are safe until they are stored; of this process alone' }),
  SPOOL_MAX_BYTES: count({ default: 1024 * 1024 * 1024, desc: 'The most that may wait there' }),
  SPOOL_WHEN_FULL: str({
    choices: ['block', 'drop'] as const,
    default: 'block',
    desc: 'Refuse requests, or give up events'
  })
}

/** Everything the gateway is told from outside, checked whole at start and frozen. */
export interface Config extends ServiceSettings {
  readonly name: string
  readonly addressQuotas: AddressQuotas
  /** What `patgateFile` held at start. */
  readonly file: PatgateFile
  readonly patgateFile: string
  readonly internalKey: string
  readonly tokenServiceUrl: string
  readonly tokenServiceInternalUrl: string
  readonly auditServiceUrl: string
  readonly trustedProxies: BlockList | undefined
  /** Presented by brokers that are in none of these networks; none where there is no such broker. */
  readonly brokerAuthKeys: readonly string[]
  /** Null does not listen; so for the next two. */
  readonly forwardAuthPort: number | null
  readonly forwardAuthSocket: string | null
  readonly envoyGrpcPort: number | null
  /** Null serves no console. */
  readonly console: ConsoleConfig | null
  readonly forwardedFrom: BlockList | undefined
  readonly channels: ChannelsConfig
  readonly tokenPrefix: string
  readonly snapshotCapacity: number
  readonly spool: SpoolConfig
  /** Addresses that take the place of those in the file, by variable: see `upstreamVariable`. */
  readonly upstreamUrls: ReadonlyMap<string, string>
}

/** Where messages on channels are kept, and for how long. */
export interface ChannelsConfig extends ChannelStreamsOptions {
  readonly natsUrl: string
  /** The service credentials, newest first: gateways know each other's messages by them. */
  readonly secrets: readonly string[]
}

/** Where the console is served, and from which files. */
export interface ConsoleConfig {
  readonly port: number
  /** As browsers write it: scheme, host and port, and nothing behind. */
  readonly origin: string
  readonly directory: string
}

/** Where access events wait, and what happens when there is no more room (audit.md, "Durability", 5). */
export interface SpoolConfig {
  readonly directory: string
  readonly maxBytes: number
  readonly whenFull: 'block' | 'drop'
}

/** Reports every mistake at once, of the environment and of `patgate.yaml`, as one `ConfigurationError`. */
export function readConfig(environment: NodeJS.ProcessEnv = process.env): Config {
  const mistakes: string[] = []
  const read = collect(mistakes, () => readEnvironment(service, environment))
  const path = read?.PATGATE_CONFIG ?? environment.PATGATE_CONFIG ?? 'patgate.yaml'
  const file = collect(mistakes, () => loadPatgateFile(path))
  const upstreamUrls = collect(mistakes, () => readUpstreamUrls(environment))
  const [internalKey] = read?.INTERNAL_KEY ?? []
  const isComplete = read && file && upstreamUrls && internalKey
  if (!isComplete || mistakes.length > 0) throw new ConfigurationError(mistakes)
  return Object.freeze({
    ...serviceSettings(read),
    name: read.GATEWAY_NAME,
    addressQuotas: Object.freeze({
      failed_authentication: { requests: read.FAILED_AUTHENTICATIONS_PER_MINUTE, perSeconds: 60 },
      unknown_token: { requests: read.UNKNOWN_TOKENS_PER_MINUTE, perSeconds: 60 }
    }),
    file,
    patgateFile: path,
    internalKey,
    tokenServiceUrl: read.TOKEN_SERVICE_URL,
    tokenServiceInternalUrl: read.TOKEN_SERVICE_INTERNAL_URL,
    auditServiceUrl: read.AUDIT_SERVICE_URL,
    trustedProxies: read.TRUSTED_PROXIES,
    brokerAuthKeys: read.BROKER_AUTH_KEY ?? [],
    forwardAuthPort: read.FORWARD_AUTH_PORT ?? null,
    forwardAuthSocket: read.FORWARD_AUTH_SOCKET || null,
    envoyGrpcPort: read.ENVOY_GRPC_PORT ?? null,
    console: consoleOf(read.CONSOLE_PORT, read.CONSOLE_ORIGIN, read.CONSOLE_DIR),
    forwardedFrom: read.FORWARDED_FROM,
    channels: Object.freeze({
      natsUrl: read.CHANNELS_NATS_URL || read.NATS_URL,
      hasIntake: read.CHANNELS_NATS_URL !== '',
      maxAgeMs: read.CHANNEL_MAX_AGE,
      maxBytes: read.CHANNEL_MAX_BYTES,
      replicas: read.CHANNEL_REPLICAS,
      secrets: read.INTERNAL_KEY
    }),
    tokenPrefix: read.TOKEN_PREFIX,
    snapshotCapacity: read.L1_ENTRIES,
    spool: Object.freeze({
      directory: read.SPOOL_DIR,
      maxBytes: read.SPOOL_MAX_BYTES,
      whenFull: read.SPOOL_WHEN_FULL
    }),
    upstreamUrls
  })
}

const UPSTREAM_VARIABLE = /^UPSTREAM_[A-Z0-9_]+_URL$/

function consoleOf(port: number | undefined, given: string | undefined, directory: string): ConsoleConfig | null {
  return port === undefined ? null : Object.freeze({ port, origin: given ?? `http://127.0.0.1:${port}`, directory })
}

/** An upstream called `my-api` may be moved by `UPSTREAM_MY_API_URL`. */
export function upstreamVariable(upstream: string): string {
  return `UPSTREAM_${upstream.toUpperCase().replaceAll('-', '_')}_URL`
}

/** Of upstreams that the file does not have, too: a reload may bring them. */
function readUpstreamUrls(environment: NodeJS.ProcessEnv): Map<string, string> {
  const variables = Object.keys(environment).filter((name) => UPSTREAM_VARIABLE.test(name))
  const specs = Object.fromEntries(variables.map((variable) => [variable, address(['http', 'https'])]))
  const urls: Readonly<Record<string, string>> = readEnvironment(specs, environment)
  return new Map(Object.entries(urls).filter(([name]) => variables.includes(name)))
}

/** Runs one part of the reading; its mistakes join the others. */
function collect<T>(mistakes: string[], read: () => T): T | undefined {
  try {
    return read()
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error
    mistakes.push(...error.mistakes)
    return undefined
  }
}
