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

/** What one of them showed. */
interface Measured {
  readonly caller: Caller
  readonly script: string
  readonly timesMs: number[]
  answered: number
  seconds: number
  /** Processor time of the process that answers. */
  usedMs: number
}

async function run(): Promise<void> {
  console.log(
    `Node ${process.version}, ${availableParallelism()} × ${cpus()[0]?.model}, load ${loadavg()[0]?.toFixed(1)}`
  )
  const upstream = await servers.start('upstream.ts')
  const direct = measured('upstream.ts', new Caller({ name: 'direct', ...upstream }))
  const gateway = measured(
    'gateway.ts',
    new Caller({ name: 'gateway', ...(await servers.start('gateway.ts', upstream.origin)) })
  )
  const peers: Measured[] = []
  for (const name of PEERS) {
    const caller = new Caller({ name, ...(await servers.start('peer.ts', name, upstream.origin)) })
    peers.push(measured(`peer.ts ${name}`, caller))
  }
  const all = [direct, gateway, ...peers]
  for (const { caller } of all) await caller.atFullSpeed(SECONDS)
  for (let turn = 0; turn < TURNS; turn++) {
    for (const { caller, timesMs } of all) timesMs.push(...(await caller.atRate(PER_SECOND, SECONDS)))
    for (const each of all) await measureFullSpeed(each)
  }

  const added = (one: Measured, percent: number): number =>
    percentile(one.timesMs, percent) - percentile(direct.timesMs, percent)
  console.log(
    `${PER_SECOND} requests a second, ${PER_SECOND * SECONDS * TURNS} to each; then as many as 64 connections get`
  )
  for (const one of all) {
    const [p50, p99] = [percentile(one.timesMs, 50), percentile(one.timesMs, 99)]
    console.log(
      `  ${one.caller.name.padEnd(20)} p50 ${inMs(p50)} (added ${inMs(added(one, 50))})  p99 ${inMs(p99)} (added ${inMs(added(one, 99))})` +
        `  ${Math.round(rateOf(one)).toString().padStart(6)} requests/s  ${Math.round(costOf(one)).toString().padStart(4)} µs of a core each`
    )
  }
  const isReached = added(gateway, 50) <= GOAL_ADDED_MS
  console.log(
    `goal: the gateway adds at most ${GOAL_ADDED_MS} ms at the median: ${inMs(added(gateway, 50))}, ${isReached ? 'reached' : 'MISSED'}`
  )
  for (const peer of peers) {
    console.log(
      `the gateway answers ${(rateOf(gateway) / rateOf(peer)).toFixed(2)} times as many as ${peer.caller.name}, ` +
        `for ${(costOf(gateway) / costOf(peer)).toFixed(2)} times the processor time`
    )
  }
}

function measured(script: string, caller: Caller): Measured {
  callers.push(caller)
  return { caller, script, timesMs: [], answered: 0, seconds: 0, usedMs: 0 }
}

async function measureFullSpeed(one: Measured): Promise<void> {
  const usedMs = servers.usedMs(one.script)
  const { answered, seconds } = await one.caller.atFullSpeed(SECONDS)
  one.usedMs += servers.usedMs(one.script) - usedMs
  one.answered += answered
  one.seconds += seconds
}

const rateOf = ({ answered, seconds }: Measured): number => answered / seconds
/** In µs. */
const costOf = ({ usedMs, answered }: Measured): number => (usedMs * 1000) / answered
const inMs = (ms: number): string => `${ms.toFixed(2).padStart(6)} ms`

try {
  await run()
} finally {
  for (const caller of callers) await caller.close()
  await servers.stop()
}
