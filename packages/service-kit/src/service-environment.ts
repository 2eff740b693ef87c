import { PREFIX_PATTERN } from '@patgate/token-format'
import { makeValidator } from 'envalid'
import { address, port, secrets, str } from './environment.ts'

const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const

/** What every service is told, in the same words; each has default ports of its own. */
export function serviceEnvironment(ports: { readonly work: number; readonly operations: number }) {
  return {
    HOST: str({ default: '127.0.0.1', desc: 'Where to listen' }),
    PORT: port({ default: ports.work, desc: 'What the service is for; 0 takes a free port' }),
    OPS_PORT: port({ default: ports.operations, desc: 'Health and metrics; 0 takes a free port' }),
    LOG_LEVEL: str({ choices: LOG_LEVELS, default: 'info' }),
    REDIS_URL: address(['redis', 'rediss']),
    REDIS_PREFIX: str({ default: 'patgate', desc: 'Every key in Redis begins with this' }),
    NATS_URL: address(['nats', 'tls']),
    INTERNAL_KEY: secrets({
      desc: 'The service credential, two while one is being replaced: the first is presented, both are accepted'
    })
  }
}

/** What becomes of it in a service's configuration. */
export interface ServiceSettings {
  readonly host: string
  readonly port: number
  readonly operationsPort: number
  readonly logLevel: string
  readonly redisUrl: string
  readonly redisPrefix: string
  readonly natsUrl: string
}

interface ServiceVariables {
  readonly HOST: string
  readonly PORT: number
  readonly OPS_PORT: number
  readonly LOG_LEVEL: string
  readonly REDIS_URL: string
  readonly REDIS_PREFIX: string
  readonly NATS_URL: string
}

export function serviceSettings(read: ServiceVariables): ServiceSettings {
  return {
    host: read.HOST,
    port: read.PORT,
    operationsPort: read.OPS_PORT,
    logLevel: read.LOG_LEVEL,
    redisUrl: read.REDIS_URL,
    redisPrefix: read.REDIS_PREFIX,
    natsUrl: read.NATS_URL
  }
}

/** For services that keep data of their own. */
export const databaseEnvironment = { DATABASE_URL: address(['postgres', 'postgresql']) }

/** What every token begins with (api.md, "The token string"). */
export const tokenPrefix = makeValidator<string>((text) => {
  if (!new RegExp(PREFIX_PATTERN).test(text)) throw new Error(`needs to match ${PREFIX_PATTERN}`)
  return text
})

/** How many of something: a whole number, at least 1. */
export const count = makeValidator<number>((text) => {
  const value = Number(text)
  if (text.trim() === '' || !Number.isSafeInteger(value) || value < 1)
    throw new Error('needs a whole number, at least 1')
  return value
})
