import { fork } from 'node:child_process'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { connect } from '@nats-io/transport-node'
import pg from 'pg'
import { startCluster } from '../../acceptance/coherence/cluster.ts'
import { History } from '../../acceptance/coherence/history.ts'
import { answerTimesMs } from '../../acceptance/coherence/report.ts'

/*
 * `npm run bench:coherence`: how long a revocation takes until it is in force on three gateways and answered, as its
 * caller sees it: idle, and while 64 clients use other tokens as fast as they can. Beside it what no revocation can beat: the
 * round trip of NATS, a commit of PostgreSQL, and a call through the gateway that changes nothing. The goals: idle p50 5 ms,
 * p99 20 ms; under full load p50 15 ms, p99 50 ms.
 */
const REVOCATIONS = 200
/** So many until the services run compiled code, as they do a few minutes after their start. */
const WARM_UP = 600
/** Idle means that nothing else is going on, the recording of the call before included. */
const IDLE_PAUSE_MS = 60
const CLIENTS = 64
const ROUND_TRIPS = 200

const opened: (() => Promise<void>)[] = []
const cluster = await startCluster({ teardown: (close) => void opened.push(close) })
try {
  await measure('warming up', WARM_UP)
  await measureParts('idle')
  await measure('idle', REVOCATIONS, IDLE_PAUSE_MS)
  const load = await startLoad()
  await measure(`${CLIENTS} clients at full load`, REVOCATIONS)
  await measureParts('under load')
  console.log(`the load: ${await load.stop()} requests a second`)
} finally {
  for (const close of opened.reverse()) await close()
}

/** One revocation after another, through one gateway after another. */
async function measure(what: string, count: number, pauseMs = 0): Promise<void> {
  const history = new History()
  const inForceMs: number[] = []
  const tokens = await cluster.createTokens(count)
  for (const [index, token] of tokens.entries()) {
    await Promise.all(cluster.gateways.map((_, gateway) => cluster.use(history, token, gateway)))
    if (pauseMs > 0) await pause(pauseMs)
    const propagation = await cluster.revoke(history, token, index % cluster.gateways.length)
    if (propagation !== null) inForceMs.push(propagation.took_ms)
  }
  console.log(`${what}: answered ${summary(answerTimesMs(history))}; in force after the commit ${summary(inForceMs)}`)
}

function summary(times: readonly number[]): string {
  const sorted = times.toSorted((a, b) => a - b)
  const at = (share: number): string => (sorted[Math.floor(share * (sorted.length - 1))] ?? Number.NaN).toFixed(1)
  return `p50 ${at(0.5)} ms, p99 ${at(0.99)} ms`
}

/** What a revocation is made of, each by itself. */
async function measureParts(when: string): Promise<void> {
  const { patgate } = cluster
  const password = (await readFile(join(patgate.home, 'nats', 'gateway.password'), 'utf8')).trim()
  const bus = await connect({ servers: patgate.run.nats_url, user: 'patgate-gateway', pass: password })
  console.log(`${when}, NATS round trip: ${summary(await timesMs(() => bus.flush()))}`)
  await bus.close()
  const database = new pg.Client({ connectionString: patgate.run.database_url })
  await database.connect()
  await database.query('create table if not exists bench_commits (n int)')
  const commit = (): Promise<unknown> => database.query('insert into bench_commits values (1)')
  console.log(`${when}, PostgreSQL commit: ${summary(await timesMs(commit))}`)
  await database.end()
  const [token] = await cluster.createTokens(1)
  const read = (): Promise<unknown> => (token === undefined ? Promise.reject() : cluster.isRevoked(token, 0))
  console.log(`${when}, a call that changes nothing: ${summary(await timesMs(read))}`)
}

async function timesMs(work: () => Promise<unknown>): Promise<number[]> {
  const times: number[] = []
  for (let trip = 0; trip < ROUND_TRIPS; trip++) {
    const startedAtMs = performance.now()
    await work()
    times.push(performance.now() - startedAtMs)
  }
  return times
}

/** In a process of its own, so that the measuring does not wait for the load. */
async function startLoad(): Promise<{ stop(): Promise<string> }> {
  const tokens = await cluster.createTokens(CLIENTS)
  const settings = { gateways: cluster.gateways, secrets: tokens.map(({ secret }) => secret) }
  const child = fork(fileURLToPath(new URL('load.ts', import.meta.url)), [JSON.stringify(settings)])
  await once(child, 'message')
  return {
    async stop() {
      child.send('stop')
      const [requestsPerSecond] = await once(child, 'message')
      return String(requestsPerSecond)
    }
  }
}
