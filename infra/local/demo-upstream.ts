import { fileURLToPath } from 'node:url'
import type { DeclaredRoutes } from './patgate-yaml.ts'
import { freePort, isPortFree } from './ports.ts'
import { logPrinter } from './supervisor/log-lines.ts'
import { type Supervised, supervise } from './supervisor/supervise.ts'
import type { Watchdog } from './supervisor/watchdog.ts'

/** Where the `patgate.yaml` of the checkout has its demo upstream. */
const demoPort = 9101

export interface DemoUpstream {
  process: Supervised
  /** Set when the demo API had to listen elsewhere than the file says. */
  overridingUrl: string | undefined
}

/**
 * Starts the demo API if the routes have an upstream `demo` at its usual address. With another file than the checkout's,
 * whoever listens there already is meant by it, and is left alone.
 */
export async function startDemoUpstream(
  routes: DeclaredRoutes,
  isOwnFile: boolean,
  watchdog: Watchdog,
  print: (line: string) => void
): Promise<DemoUpstream | undefined> {
  if (!isDemoAddress(routes.demoUpstream)) return undefined
  const isFree = await isPortFree(demoPort)
  if (!isFree && !isOwnFile) return undefined
  const port = isFree ? demoPort : await freePort()
  const process_ = supervise(
    {
      name: 'demo-api',
      command: process.execPath,
      args: [fileURLToPath(new URL('demo-api.ts', import.meta.url))],
      env: { ...process.env, PORT: String(port) },
      stopSignal: 'SIGTERM',
      stopWithinMs: 5_000,
      onLine: logPrinter('demo-api', print)
    },
    watchdog,
    print
  )
  process_.keepRunning(() => undefined)
  return { process: process_, overridingUrl: isFree ? undefined : `http://127.0.0.1:${port}` }
}

function isDemoAddress(address: URL | undefined): boolean {
  return address?.port === String(demoPort) && ['127.0.0.1', 'localhost'].includes(address.hostname)
}
