import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { RunnerConfig } from './config.ts'
import { builtConsole } from './console-build.ts'
import { checkout, compileCache, type Home } from './home.ts'
import type { Parts } from './parts.ts'
import { consecutiveFreePorts, freePort } from './ports.ts'
import { awaitReady } from './readiness.ts'
import { keepSecret, randomKey, signingKey } from './secrets.ts'
import type { Servers } from './servers.ts'
import { keepSigningKeys } from './signing-keys.ts'
import type { ChildSpec } from './supervisor/child.ts'
import { logPrinter } from './supervisor/log-lines.ts'
import { type Supervised, supervise } from './supervisor/supervise.ts'
import type { Watchdog } from './supervisor/watchdog.ts'

/** A service that is ready, and where its clients reach it. */
export interface Service {
  url: string
  /** Health and metrics. */
  opsUrl: string
  process: Supervised
}

/** A gateway also listens for other people's proxies, on ports and a socket that serve nothing else. */
export interface GatewayService extends Service {
  /** The first gateway serves the console, on an origin of its own. */
  consoleUrl: string | undefined
  forwardAuthUrl: string
  forwardAuthSocket: string | undefined
  grpcUrl: string
}

export interface Services {
  tokenServices: Service[]
  auditService: Service
  gateways: GatewayService[]
}

export interface ServicesOptions {
  config: RunnerConfig
  home: Home
  servers: Servers
  parts: Parts
  watchdog: Watchdog
  /** Where the demo API listens when that is not where `patgate.yaml` says. */
  demoUpstreamUrl: string | undefined
  adminPasswordFile: string
  report: (line: string) => void
  print: (line: string) => void
}

/** A service gets this long to finish its requests and flush what it holds. */
const drainWithinMs = 15_000

/** Starts the token services, the audit service and the gateways, and waits until each says that it is ready. */
export async function startServices(options: ServicesOptions): Promise<Services> {
  const { config, home, servers, parts } = options
  const common = {
    HOST: '127.0.0.1',
    LOG_LEVEL: config.logLevel,
    PATGATE_CONFIG: config.patgateYaml,
    INTERNAL_KEY_FILE: keepSecretFile(home, 'internal-key', randomKey)
  }
  const auditUrl = await freeAddress()

  const gatewayUrls = await gatewayAddresses(options)
  const tokenServices: TokenService[] = []
  for (let index = 0; index < config.tokenServices; index += 1) {
    const internalPort = config.internalPorts[index]
    const internalUrl = internalPort === undefined ? await freeAddress() : loopback(internalPort)
    const name = config.tokenServices === 1 ? 'token-service' : `token-service-${index + 1}`
    const tokenService = launch(options, name, await freeAddress(), await freeAddress(), {
      ...common,
      INTERNAL_PORT: portOf(internalUrl),
      DATABASE_URL: servers.databaseUrls.tokens,
      REDIS_URL: servers.redisUrl,
      NATS_URL: servers.natsUrl('token-service'),
      ...servers.natsEnvironment.tokenService,
      SESSION_KEY_FILE: keepSecretFile(home, 'session-key.pem', signingKey),
      SIGNING_KEYS_DIR: keepSigningKeys(home.secrets),
      ISSUER: gatewayUrls[0] ?? '',
      ADMIN_EMAIL: config.adminEmail,
      ADMIN_PASSWORD_FILE: options.adminPasswordFile
    })
    parts.add(tokenService.process)
    tokenServices.push({ ...tokenService, internalUrl })
  }

  const auditService = launch(options, 'audit-service', auditUrl, await freeAddress(), {
    ...common,
    DATABASE_URL: servers.databaseUrls.audit,
    REDIS_URL: servers.redisUrl,
    NATS_URL: servers.natsUrl('audit-service'),
    TOKEN_SERVICE_INTERNAL_URL: roundRobin(tokenServices, 0).internalUrl,
    AUDIT_ORIGIN: 'patgate.local/audit',
    AUDIT_KEY_FILE: keepSecretFile(home, 'audit-key.pem', signingKey),
    AUDIT_CHECKPOINT_DIR: join(home.root, 'audit', 'checkpoints'),
    AUDIT_EXPORT_DIR: join(home.root, 'audit', 'exports'),
    WEBHOOK_SECRETS_KEY_FILE: keepSecretFile(home, 'webhook-secrets-key', randomKey),
    // So that a receiver on this machine can be tried.
    WEBHOOK_ALLOWED_NETWORKS: '127.0.0.0/8,::1/128'
  })
  parts.add(auditService.process)

  const gateways: (Service & GatewayService)[] = []
  const doors = await otherDoors(options)
  for (const [index, url] of gatewayUrls.entries()) {
    const name = `gateway-${index + 1}`
    const tokenService = roundRobin(tokenServices, index)
    const forwardAuthUrl = loopback(doors.http + index)
    const grpcUrl = `grpc://127.0.0.1:${doors.grpc + index}`
    const forwardAuthSocket = socketOf(home, name)
    const consoleUrl = index === 0 ? loopback(doors.console) : undefined
    const gateway = launch(options, name, url, await freeAddress(), {
      ...common,
      GATEWAY_NAME: name,
      FORWARD_AUTH_PORT: portOf(forwardAuthUrl),
      FORWARD_AUTH_SOCKET: forwardAuthSocket ?? '',
      ENVOY_GRPC_PORT: portOf(grpcUrl),
      ...(consoleUrl === undefined ? {} : consoleEnvironment(consoleUrl)),
      NATS_URL: servers.natsUrl('gateway'),
      ...servers.natsEnvironment.gateway,
      REDIS_URL: servers.redisUrl,
      TOKEN_SERVICE_URL: tokenService.url,
      TOKEN_SERVICE_INTERNAL_URL: config.tokenServiceLinks[index] || tokenService.internalUrl,
      AUDIT_SERVICE_URL: auditUrl,
      TRUSTED_PROXIES: '127.0.0.0/8,::1/128',
      SPOOL_DIR: join(home.root, 'spool', name),
      ...(options.demoUpstreamUrl === undefined ? {} : { UPSTREAM_DEMO_URL: options.demoUpstreamUrl })
    })
    parts.add(gateway.process)
    gateways.push({ ...gateway, forwardAuthUrl, forwardAuthSocket, grpcUrl, consoleUrl })
  }
  // Asked only now, because some need each other to become ready.
  await Promise.all(
    [...tokenServices, auditService, ...gateways].map((service) => awaitReady(service.process, service.opsUrl))
  )
  return { tokenServices, auditService, gateways }
}

type TokenService = Service & { internalUrl: string }

function roundRobin<T>(services: readonly T[], index: number): T {
  const service = services[index % services.length]
  if (service === undefined) throw new Error('no token service was started')
  return service
}

/** Starts one process; the name of its folder is its own without the number. */
function launch(
  options: ServicesOptions,
  name: string,
  url: string,
  opsUrl: string,
  environment: Record<string, string>
): Service {
  const main = join(checkout, 'services', name.replace(/-\d+$/, ''), 'src', 'main.ts')
  if (!existsSync(main)) throw new Error(`${main} is missing: is the checkout complete?`)
  const spec: ChildSpec = {
    name,
    command: process.execPath,
    args: [main],
    env: { ...inheritedEnvironment(), ...environment, PORT: portOf(url), OPS_PORT: portOf(opsUrl) },
    cwd: checkout,
    stopSignal: 'SIGTERM',
    stopWithinMs: drainWithinMs,
    longestPauseMs: options.config.longestRestartPauseMs,
    onLine: logPrinter(name, options.print)
  }
  return { url, opsUrl, process: supervise(spec, options.watchdog, options.report) }
}

/** Consecutive ports from the chosen one; when somebody listens there, from the next that are free. */
async function gatewayAddresses({ config, report }: ServicesOptions): Promise<string[]> {
  const first = await consecutiveFreePorts(config.port, config.gateways)
  if (first !== config.port) report(`port ${config.port} is taken; the gateway listens on ${first}`)
  return Array.from({ length: config.gateways }, (_, index) => loopback(first + index))
}

/** The other ports are as far above the gateway's own as the examples say: 8180, 8280 and 8380 for 8080. */
async function otherDoors({ config }: ServicesOptions): Promise<{ http: number; grpc: number; console: number }> {
  return {
    http: await consecutiveFreePorts(config.port + 100, config.gateways),
    grpc: await consecutiveFreePorts(config.port + 200, config.gateways),
    console: await consecutiveFreePorts(config.port + 300, 1)
  }
}

function consoleEnvironment(url: string): Record<string, string> {
  return { CONSOLE_PORT: portOf(url), CONSOLE_ORIGIN: url, CONSOLE_DIR: builtConsole }
}

/** A socket's path has a limit of its own, about 100 bytes; a home far down in the file system goes without. */
function socketOf(home: Home, name: string): string | undefined {
  const path = join(home.root, name === 'gateway-1' ? 'forward-auth.sock' : `forward-auth-${name}.sock`)
  return Buffer.byteLength(path) < 100 ? path : undefined
}

function keepSecretFile(home: Home, name: string, create: () => string): string {
  const path = join(home.secrets, name)
  keepSecret(path, create)
  return path
}

/** Services see the person's own settings for them, but not the runner's. */
function inheritedEnvironment(): NodeJS.ProcessEnv {
  const settings = Object.entries(process.env).filter(([name]) => !name.startsWith('npm_') && !name.endsWith('_PORT'))
  return { NODE_COMPILE_CACHE: compileCache, ...Object.fromEntries(settings) }
}

function loopback(port: number): string {
  return `http://127.0.0.1:${port}`
}

async function freeAddress(): Promise<string> {
  return loopback(await freePort())
}

function portOf(url: string): string {
  return new URL(url).port
}
