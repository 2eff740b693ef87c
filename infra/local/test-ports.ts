import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { tryLock } from './file-lock.ts'
import { isPortFree } from './ports.ts'

/** Below all ports that are drawn one by one. */
const firstPlace = 10_000
const placeWidth = 400
const places = 17
/** The runner opens other doors 100, 200 and 300 above the gateway's, a few of each. */
const portsPerRunner = 10
const runnersPerPlace = 10

/**
 * A port for the gateway of a run that a test starts, with room for the other doors that the runner opens. It is this
 * process's until it ends: starts that happen at the same time have no port in common.
 */
export async function freeGatewayPort(): Promise<number> {
  const count = places * runnersPerPlace
  for (let attempt = 0; attempt < count; attempt += 1) {
    // Another run of the tests on this machine has locks of its own; it hardly begins at the same place.
    const runner = (attempt + process.pid) % count
    const place = firstPlace + placeWidth * (runner % places)
    const port = place + portsPerRunner * Math.floor(runner / places)
    if ('release' in tryLock(join(tmpdir(), 'patgate-ports', String(port))) && (await isPortFree(port))) return port
  }
  throw new Error(`no free port for a gateway between ${firstPlace} and ${firstPlace + places * placeWidth}`)
}
