import { fileURLToPath } from 'node:url'
import { DEMO_API_LISTENS } from './demo-api/listening.ts'
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

interface Surroundings {
  readonly watchdog: Watchdog
  readonly print: (line: string) => void
}

/**
 * Starts the demo API if the routes have an upstream `demo` at its usual address, and waits until it listens. With another
 * file than the checkout's, whoever listens there already is meant by it, and is left alone.
 */
export async function startDemoUpstream(
  routes: DeclaredRoutes,
  isOwnFile: boolean,
  surroundings: Surroundings
): Promise<DemoUpstream | undefined> {
  if (!isDemoAddress(routes.demoUpstream)) return undefined
  if (await isPortFree(demoPort)) {
    const usual = await listenOn(demoPort, surroundings)
    if (usual !== undefined) return { process: usual, overridingUrl: undefined }
  }
  // It was taken before, or another runner that started at the same time was faster.
  if (!isOwnFile) return undefined
  const port = await freePort()
  const elsewhere = await listenOn(port, surroundings)
  if (elsewhere === undefined) throw new Error('The demo API ended before it listened; its own lines above say why.')
  return { process: elsewhere, overridingUrl: `http://127.0.0.1:${port}` }
}

/** Undefined when it ended instead of listening. */
async function listenOn(port: number, { watchdog, print }: Surroundings): Promise<Supervised | undefined> {
  const { promise: listening, resolve: listens } = Promise.withResolvers<boolean>()
  const printLine = logPrinter('demo-api', print)
  const demoApi = supervise(
    {
      name: 'demo-api',
      command: process.execPath,
      args: [fileURLToPath(new URL('demo-api.ts', import.meta.url))],
      env: { ...process.env, PORT: String(port) },
      stopSignal: 'SIGTERM',
      stopWithinMs: 5_000,
      onLine: (line) => {
        if (line.startsWith(DEMO_API_LISTENS)) listens(true)
        printLine(line)
      }
    },
    watchdog,
    print
  )
  void demoApi.endedEarly.then(() => listens(false))
  if (!(await listening)) return undefined
  demoApi.keepRunning(() => undefined)
  return demoApi
}

function isDemoAddress(address: URL | undefined): boolean {
  return address?.port === String(demoPort) && ['127.0.0.1', 'localhost'].includes(address.hostname)
}
