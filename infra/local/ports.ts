import { randomInt } from 'node:crypto'
import { createServer } from 'node:net'

/**
 * Ports are drawn below the range from which Linux and macOS take the ports of outgoing
 * connections: between asking for a free port and using it, no connection can take it.
 */
const firstPort = 17_000
const lastPort = 31_999

/**
 * Between asking and using, another process may ask too. Each begins in a place of its own, and those that were started
 * one after the other never have the same.
 */
const portsPerProcess = 50
const places = (lastPort + 1 - firstPort) / portsPerProcess
const ownPlace = firstPort + (process.pid % places) * portsPerProcess
const given = new Set<number>()

/** A loopback port on which nothing listens at this moment, and that this process was not given before. */
export async function freePort(): Promise<number> {
  for (let attempt = 0; attempt < portsPerProcess + 200; attempt += 1) {
    const port = attempt < portsPerProcess ? ownPlace + attempt : randomInt(firstPort, lastPort + 1)
    if (given.has(port)) continue
    given.add(port)
    if (await isPortFree(port)) return port
  }
  throw new Error(`no free loopback port between ${firstPort} and ${lastPort}`)
}

/** The first of `count` consecutive free ports, searched upwards from `from`. */
export async function consecutiveFreePorts(from: number, count: number): Promise<number> {
  let first = from
  for (let port = from; port < first + count; port += 1) {
    if (port > 65_535) throw new Error(`no ${count} consecutive free ports above ${from}`)
    if (!(await isPortFree(port))) first = port + 1
  }
  return first
}

/** Whether a server may listen on this loopback port now. */
export function isPortFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer()
    probe.once('error', () => resolve(false))
    probe.listen({ host: '127.0.0.1', port, exclusive: true }, () => probe.close(() => resolve(true)))
  })
}
