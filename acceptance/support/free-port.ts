import { randomInt } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:net'

/** Below the range from which outgoing connections take theirs: between asking and using, none of them can be faster. */
const FIRST = 17_000
const LAST = 31_500

/**
 * Where a gateway may listen: the runner opens other doors 100, 200 and 300 above it, a few of each. Starts that happen at
 * the same time draw from places that have no port in common, below all that is drawn one by one.
 */
export async function freeGatewayPort(): Promise<number> {
  for (;;) {
    const port = 10_000 + 400 * randomInt(16) + 10 * randomInt(10)
    if (await isFree(port)) return port
  }
}

/** A loopback port that was free a moment ago. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = randomInt(FIRST, LAST)
    if (await isFree(port)) return port
  }
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer()
  const hasPort = await Promise.race([
    once(server.listen(port, '127.0.0.1'), 'listening').then(() => true),
    once(server, 'error').then(() => false)
  ]).catch(() => false)
  if (!hasPort) return false
  server.close()
  await once(server, 'close')
  return true
}
