import { join } from 'node:path'
import type { RunnerConfig } from './config.ts'
import { buildConsole } from './console-build.ts'
import { createDemo } from './demo-data.ts'
import { startDemoUpstream } from './demo-upstream.ts'
import { checkout, type Home } from './home.ts'
import type { Parts } from './parts.ts'
import { type DeclaredRoutes, readDeclaredRoutes } from './patgate-yaml.ts'
import { type KeptSecrets, type RunFile, readKeptSecrets, writeRunFile } from './run-file.ts'
import { keepSecret, randomPassword, writePrivateFile } from './secrets.ts'
import { type Servers, startServers } from './servers.ts'
import { type Services, startServices } from './services.ts'
import type { Watchdog } from './supervisor/watchdog.ts'

export interface RunnerOptions {
  config: RunnerConfig
  home: Home
  parts: Parts
  watchdog: Watchdog
  /** Lines of the runner's own. */
  report: (line: string) => void
  /** Lines of the processes it runs. */
  print: (line: string) => void
}

/**
 * Starts everything in the order of dependence: servers, demo API, services, demo data. When it returns, all is ready
 * and `run.json` says where; it is written again whenever a restart changes a process id.
 */
export async function startEverything(options: RunnerOptions): Promise<{ run: RunFile; routes: DeclaredRoutes }> {
  const { home, parts, report } = options
  const kept = readKeptSecrets(home.runFile)
  const { admin, config, adminPasswordFile } = keepAdministrator(options, kept)
  const routes = readDeclaredRoutes(config.patgateYaml)

  report('starting PostgreSQL, Redis and NATS')
  const [servers] = await Promise.all([startServers({ ...options, config }), buildConsole(report)])
  const isOwnFile = config.patgateYaml === join(checkout, 'patgate.yaml')
  const demoUpstream = await startDemoUpstream(routes, isOwnFile, options)
  if (demoUpstream !== undefined) parts.add(demoUpstream.process)

  report('starting the services')
  const demoUpstreamUrl = demoUpstream?.overridingUrl
  const services = await startServices({ ...options, config, servers, demoUpstreamUrl, adminPasswordFile })
  const [gateway] = services.gateways
  const [tokenService] = services.tokenServices
  if (gateway === undefined || tokenService === undefined) throw new Error('a service was not started')
  const demo = kept.demo ?? (await createDemo(gateway.url, admin, routes))

  const describeRun = (): RunFile => ({
    gateway_url: gateway.url,
    ...(gateway.consoleUrl === undefined ? {} : { console_url: gateway.consoleUrl }),
    forward_auth_url: gateway.forwardAuthUrl,
    ...(gateway.forwardAuthSocket === undefined ? {} : { forward_auth_socket: gateway.forwardAuthSocket }),
    grpc_url: gateway.grpcUrl,
    nats_url: servers.natsAddress,
    ...(servers.mqttAddress === undefined ? {} : { mqtt_url: servers.mqttAddress }),
    admin,
    demo,
    gateway_urls: services.gateways.map(({ url }) => url),
    gateway_ops_urls: services.gateways.map(({ opsUrl }) => opsUrl),
    token_service_url: tokenService.url,
    token_service_urls: services.tokenServices.map(({ url }) => url),
    audit_service_url: services.auditService.url,
    database_url: servers.databaseUrls.tokens,
    redis_url: servers.redisUrl,
    pids: { ...processIds(servers, services), token_service: tokenService.process.pid }
  })
  const writeRun = () => writeRunFile(home.runFile, describeRun())
  writeRun()
  servers.onRestart(writeRun)
  for (const { process: service } of [...services.tokenServices, services.auditService, ...services.gateways]) {
    service.keepRunning(writeRun)
  }
  return { run: describeRun(), routes }
}

/** The administrator of the first start stays the administrator: the service creates one only where there is none. */
function keepAdministrator({ config, home }: RunnerOptions, kept: KeptSecrets) {
  const adminPasswordFile = join(home.secrets, 'admin-password')
  if (kept.admin !== undefined) writePrivateFile(adminPasswordFile, kept.admin.password)
  const password = keepSecret(adminPasswordFile, () => config.adminPassword ?? randomPassword())
  const admin = kept.admin ?? { email: config.adminEmail, password }
  return { admin, adminPasswordFile, config: { ...config, adminEmail: admin.email } }
}

function processIds(servers: Servers, services: Services): Omit<RunFile['pids'], 'token_service'> {
  return {
    runner: process.pid,
    ...servers.pids(),
    token_services: services.tokenServices.map((tokenService) => tokenService.process.pid),
    audit_service: services.auditService.process.pid,
    gateways: services.gateways.map((gateway) => gateway.process.pid)
  }
}
