import { availableParallelism, cpus, loadavg } from 'node:os'
import { percentile } from '../token-service/measure.ts'
import { Caller } from './load.ts'
import { Servers } from './servers.ts'
import { SLOW_CLIENTS, SlowClients } from './slow-clients.ts'

/**
 * What slow clients cost the others: calls at a steady rate without them and beside them, in turns. The second part of
 * `npm run bench:proxy`; `node bench/proxy/beside-slow-clients.ts 1 1` makes it smaller: seconds of a turn, turns.
 */
const [SECONDS = 3, TURNS = 4] = process.argv.slice(2).map(Number)
const PER_SECOND = 500
const GOAL_TIMES = 2

async function run(servers: Servers): Promise<void> {
  const upstream = await servers.start('upstream.ts')
  const gateway = await servers.start('gateway.ts', upstream.origin)
  const caller = new Caller({ name: 'gateway', ...gateway })
  await caller.atFullSpeed(SECONDS)
  const aloneMs: number[] = []
  const besideMs: number[] = []
  const memory: number[] = []
  for (let turn = 0; turn < TURNS; turn++) {
    aloneMs.push(...(await caller.atRate(PER_SECOND, SECONDS)))
    const slow = new SlowClients(gateway.origin, gateway.token)
    await caller.atRate(PER_SECOND, 1)
    besideMs.push(...(await caller.atRate(PER_SECOND, SECONDS)))
    memory.push(servers.residentBytes('gateway.ts'))
    slow.stop()
  }
  await caller.close()

  console.log(
    `Node ${process.version}, ${availableParallelism()} × ${cpus()[0]?.model}, load ${loadavg()[0]?.toFixed(1)}`
  )
  console.log(`${PER_SECOND} requests a second through the gateway, alone and beside ${SLOW_CLIENTS}`)
  for (const percent of [50, 99]) {
    const [alone, beside] = [percentile(aloneMs, percent), percentile(besideMs, percent)]
    console.log(`  p${percent} alone ${alone.toFixed(2)} ms, beside them ${beside.toFixed(2)} ms`)
  }
  const times = percentile(besideMs, 99) / percentile(aloneMs, 99)
  console.log(
    `goal: p99 at most ${GOAL_TIMES} times: ${times.toFixed(2)}, ${times <= GOAL_TIMES ? 'reached' : 'MISSED'}`
  )
  console.log(
    `memory of the gateway beside them, turn by turn: ${memory.map((bytes) => `${bytes >> 20} MiB`).join(', ')}`
  )
}

const servers = new Servers()
try {
  await run(servers)
} finally {
  await servers.stop()
}
