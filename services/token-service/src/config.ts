import { createPrivateKey, type KeyObject } from 'node:crypto'
import { statSync } from 'node:fs'
import {
  ConfigurationError,
  count,
  databaseEnvironment,
  durationMs,
  port,
  readEnvironment,
  type ServiceSettings,
  serviceEnvironment,
  serviceSettings,
  str,
  tokenPrefix
} from '@patgate/service-kit'
import { type ChannelClientSettings, channelClientSettings } from './channel-clients/channel-client-settings.ts'
import { mailSettings } from './mail/mail-settings.ts'
import type { MailSettings } from './mail/mail-transport.ts'
import type { OidcOptions } from './oidc/provider.ts'

const service = {
  ...databaseEnvironment,
  ...serviceEnvironment({ work: 8081, operations: 9081 }),
  INTERNAL_PORT: port({ default: 8091, desc: 'What other services ask; 0 takes a free port' }),
  PATGATE_CONFIG: str({ default: 'patgate.yaml', desc: 'The file with entity types and roles' }),
  SESSION_KEY: str({ desc: 'PEM (PKCS#8) of the Ed25519 key that signs sessions' }),
  SESSION_LIFETIME: durationMs({ default: 10 * 60 * 60 * 1000, desc: 'How long a session lasts' }),
  SIGN_IN_FAILURES_PER_EMAIL: count({ default: 10, desc: 'So many failed sign-ins for one email in a window' }),
  SIGN_IN_FAILURES_PER_ADDRESS: count({ default: 100, desc: 'So many failed sign-ins from one address in a window' }),
  SIGN_IN_FAILURE_WINDOW: durationMs({ default: 15 * 60 * 1000, desc: 'How long failed sign-ins count' }),
  OIDC_ISSUER: str({ default: '', desc: 'The OpenID provider by which people may sign in, besides passwords' }),
  OIDC_CLIENT_ID: str({ default: '', desc: 'Who we are there' }),
  OIDC_CLIENT_SECRET: str({ default: '', desc: 'The secret for that' }),
  OIDC_REDIRECT_URL: str({ default: '', desc: "The console's /v1/oidc/callback, as registered at the provider" }),
  ISSUER: str({ default: 'patgate', desc: 'What JWTs name as their issuer: best the address of the gateway' }),
  SIGNING_KEYS_DIR: str({ default: '', desc: 'Keys of exchanged tokens and assertions; without it none are signed' }),
  ADMIN_EMAIL: str({ default: '', desc: 'Email of the administrator whom the first start creates' }),
  ADMIN_PASSWORD: str({ default: '', desc: 'Password of that administrator' }),
  SMTP_URL: str({ default: '', desc: 'The mail server, smtp:// or smtps://; without it no mail is sent' }),
  MAIL_FROM: str({ default: '', desc: 'The sender of every mail, such as `patgate <patgate@example.org>`' }),
  NATS_SYSTEM_URL: str({
    default: '',
    desc: 'NATS as the user of its system account; without it no MQTT and NATS clients'
  }),
  CALLOUT_ISSUER_SEED: str({ default: '', desc: 'The seed of the NATS account key by which clients are let in' }),
  CHANNEL_SESSION_MAX: durationMs({
    default: 15 * 60 * 1000,
    desc: 'After that MQTT and NATS clients have to come back; the longest a right outlives its end'
  }),
  CHANNEL_FAILURES_PER_MINUTE: count({
    default: 600,
    desc: 'How many refused tokens one address of MQTT and NATS clients may present in a minute'
  }),
  TOKEN_PREFIX: tokenPrefix({ default: 'pat', desc: 'What every token begins with' })
}

/** Everything the token service is told from outside, checked whole at start and frozen. */
export interface Config extends ServiceSettings {
  readonly internalPort: number
  readonly databaseUrl: string
  readonly patgateFile: string
  readonly internalKeys: readonly string[]
  readonly sessionKey: KeyObject
  readonly sessionLifetimeMs: number
  readonly signInLimits: {
    readonly failuresPerEmail: number
    readonly failuresPerAddress: number
    readonly windowMs: number
  }
  /** Null where people sign in by password only. */
  readonly oidc: OidcOptions | null
  readonly issuer: string
  /** Null where nothing is signed for others. */
  readonly signingKeysDirectory: string | null
  /** Whom the first start creates; null when nobody. */
  readonly firstAdministrator: { readonly email: string; readonly password: string } | null
  /** How mail is sent; null when it is not. */
  readonly mail: MailSettings | null
  /** How MQTT and NATS clients are let in; null where they are not. */
  readonly channelClients: ChannelClientSettings | null
  readonly tokenPrefix: string
}

/** Reports every mistake at once, as one `ConfigurationError`. */
export function readConfig(environment: NodeJS.ProcessEnv = process.env): Config {
  const read = readEnvironment(service, environment)
  const mistakes: string[] = []
  const sessionKey = readSessionKey(read.SESSION_KEY, environment.SESSION_KEY_FILE, mistakes)
  const mail = mailSettings(read.SMTP_URL, read.MAIL_FROM, mistakes)
  if ((read.ADMIN_EMAIL === '') !== (read.ADMIN_PASSWORD === '')) {
    mistakes.push('ADMIN_EMAIL and ADMIN_PASSWORD: give both or neither')
  }
  const oidc = readOidc(read, mistakes)
  const channelClients = channelClientSettings(
    {
      systemUrl: read.NATS_SYSTEM_URL,
      calloutSeed: read.CALLOUT_ISSUER_SEED,
      sessionMaxMs: read.CHANNEL_SESSION_MAX,
      failuresPerMinute: read.CHANNEL_FAILURES_PER_MINUTE
    },
    environment.CALLOUT_ISSUER_SEED_FILE,
    mistakes
  )
  if (sessionKey === null || mistakes.length > 0) throw new ConfigurationError(mistakes)
  return Object.freeze({
    ...serviceSettings(read),
    internalPort: read.INTERNAL_PORT,
    databaseUrl: read.DATABASE_URL,
    patgateFile: read.PATGATE_CONFIG,
    internalKeys: read.INTERNAL_KEY,
    sessionKey,
    sessionLifetimeMs: read.SESSION_LIFETIME,
    signInLimits: Object.freeze({
      failuresPerEmail: read.SIGN_IN_FAILURES_PER_EMAIL,
      failuresPerAddress: read.SIGN_IN_FAILURES_PER_ADDRESS,
      windowMs: read.SIGN_IN_FAILURE_WINDOW
    }),
    oidc,
    issuer: read.ISSUER,
    signingKeysDirectory: read.SIGNING_KEYS_DIR === '' ? null : read.SIGNING_KEYS_DIR,
    firstAdministrator:
      read.ADMIN_EMAIL === '' ? null : Object.freeze({ email: read.ADMIN_EMAIL, password: read.ADMIN_PASSWORD }),
    mail,
    channelClients,
    tokenPrefix: read.TOKEN_PREFIX
  })
}

/** The migrations run by themselves too, and need nothing but the database. */
export function readDatabaseUrl(environment: NodeJS.ProcessEnv = process.env): string {
  return readEnvironment(databaseEnvironment, environment).DATABASE_URL
}

const OTHERS_MAY_READ = 0o004

function readSessionKey(pem: string, file: string | undefined, mistakes: string[]): KeyObject | null {
  if (file !== undefined && (statSync(file).mode & OTHERS_MAY_READ) !== 0) {
    mistakes.push('SESSION_KEY_FILE: is readable by others; whoever reads it can sign in as anybody')
  }
  try {
    const key = createPrivateKey(pem)
    if (key.asymmetricKeyType === 'ed25519') return key
  } catch {
    // Reported below: what OpenSSL says of a broken key helps nobody.
  }
  mistakes.push('SESSION_KEY: needs an Ed25519 private key in PEM (PKCS#8)')
  return null
}

interface OidcSettings {
  readonly OIDC_ISSUER: string
  readonly OIDC_CLIENT_ID: string
  readonly OIDC_CLIENT_SECRET: string
  readonly OIDC_REDIRECT_URL: string
}

/** All four settings or none; whoever could read along with the provider could sign in as anybody, so TLS it is. */
function readOidc(read: OidcSettings, mistakes: string[]): OidcOptions | null {
  const options = {
    issuer: read.OIDC_ISSUER,
    clientId: read.OIDC_CLIENT_ID,
    clientSecret: read.OIDC_CLIENT_SECRET,
    redirectUrl: read.OIDC_REDIRECT_URL
  }
  const given = Object.values(options).filter((value) => value !== '')
  if (given.length === 0) return null
  if (given.length < 4) {
    mistakes.push('OIDC_ISSUER, OIDC_CLIENT_ID, OIDC_CLIENT_SECRET and OIDC_REDIRECT_URL: give all or none')
    return null
  }
  if (!isSafeUrl(options.issuer)) mistakes.push('OIDC_ISSUER: needs an https:// address, or http:// on this machine')
  if (!isSafeUrl(options.redirectUrl)) {
    mistakes.push('OIDC_REDIRECT_URL: needs an https:// address, or http:// on this machine')
  }
  return Object.freeze(options)
}

function isSafeUrl(text: string): boolean {
  if (!URL.canParse(text)) return false
  const { protocol, hostname } = new URL(text)
  return protocol === 'https:' || (protocol === 'http:' && ['localhost', '127.0.0.1', '[::1]'].includes(hostname))
}
