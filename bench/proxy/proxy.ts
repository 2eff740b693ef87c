import { availableParallelism, cpus, loadavg } from 'node:os'
import { percentile } from '../token-service/measure.ts'
import { Caller } from './load.ts'
import { Servers } from './servers.ts'

/**
 * `npm run bench:proxy`: what the gateway adds to a request with a cached token, at 1,000 requests a second, beside a direct
 * call of the same upstream and beside two proxies for Fastify which forward without asking anybody. All take turns, so that
 * a busy moment of the machine is everybody's. `npm run bench:proxy -- 1 1` makes it smaller: seconds of a turn, turns.
 */
const [SECONDS = 1.5, TURNS = 3] = process.argv.slice(2).map(Number)
const PER_SECOND = 1_000
const GOAL_ADDED_MS = 0.5
const PEERS = ['@fastify/http-proxy', '@fastify/reply-from']

const servers = new Servers()
const callers: Caller[] = []

async function run(): Promise<void> {
  console.log(
    `Node ${process.version}, ${availableParallelism()} × ${cpus()[0]?.model}, load ${loadavg()[0]?.toFixed(1)}`
  )
  const upstream = await servers.start('upstream.ts')
  const direct = new Caller({ name: 'direct', ...upstream })
  const gateway = new Caller({ name: 'gateway', ...(await servers.start('gateway.ts', upstream.origin)) })
  callers.push(direct, gateway)
  for (const name of PEERS)
    callers.push(new Caller({ name, ...(await servers.start('peer.ts', name, upstream.origin)) }))
  for (const caller of callers) await caller.atFullSpeed(SECONDS)

  const timesMs = new Map<Caller, number[]>(callers.map((caller) => [caller, []]))
  const perSecond = new Map<Caller, number[]>(callers.map((caller) => [caller, []]))
  for (let turn = 0; turn < TURNS; turn++) {
    for (const caller of callers) timesMs.get(caller)?.push(...(await caller.atRate(PER_SECOND, SECONDS)))
    for (const caller of callers) perSecond.get(caller)?.push(await caller.atFullSpeed(SECONDS / 3))
  }

  const timeOf = (caller: Caller, percent: number): number => percentile(timesMs.get(caller) ?? [], percent)
  const rateOf = (caller: Caller): number => percentile(perSecond.get(caller) ?? [], 50)
  const added = (caller: Caller, percent: number): number => timeOf(caller, percent) - timeOf(direct, percent)
  console.log(
    `${PER_SECOND} requests a second, ${PER_SECOND * SECONDS * TURNS} to each; then as many as 64 connections get`
  )
  for (const caller of callers) {
    const [p50, p99, more50, more99] = [timeOf(caller, 50), timeOf(caller, 99), added(caller, 50), added(caller, 99)]
    console.log(
      `  ${caller.name.padEnd(20)} p50 ${inMs(p50)} (added ${inMs(more50)})  p99 ${inMs(p99)} (added ${inMs(more99)})` +
        `  ${Math.round(rateOf(caller)).toString().padStart(6)} requests/s`
    )
  }
  const isReached = added(gateway, 50) <= GOAL_ADDED_MS
  console.log(
    `goal: the gateway adds at most ${GOAL_ADDED_MS} ms at the median: ${inMs(added(gateway, 50))}, ${isReached ? 'reached' : 'MISSED'}`
  )
  for (const peer of callers.slice(2)) {
    console.log(`the gateway answers ${(rateOf(gateway) / rateOf(peer)).toFixed(2)} times as many as ${peer.name}`)
  }
}

const inMs = (ms: number): string => `${ms.toFixed(2).padStart(6)} ms`

try {
  await run()
} finally {
  for (const caller of callers) await caller.close()
  await servers.stop()
}
