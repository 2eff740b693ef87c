import { availableParallelism, cpus, loadavg } from 'node:os'
import { parseArgs } from 'node:util'
import { rowsPerSecondAlone } from './copy-alone.ts'
import { drained, fill, openGateway } from './ingest.ts'
import { openPlace } from './place.ts'
import { loadEvents, type Timed, timeProofs, timeQueries, timeTail } from './reading.ts'

/*
 * `npm run bench:audit`: what the audit log takes, how fast it catches up, and how fast it is read when it is large. Real
 * PostgreSQL, Redis and NATS; the audit service is a process of its own, the gateway's spool and shipper run in this one.
 * `npm run bench:audit -- --events 200000 --seconds 10` does the same with less.
 */
const { values } = parseArgs({
  options: {
    /** How many events the log holds when it is read. */
    events: { type: 'string', default: '10000000' },
    /** How long the steady load lasts. */
    seconds: { type: 'string', default: '60' },
    /** How many events wait in the spool when the drain begins. */
    backlog: { type: 'string', default: '600000' }
  }
})
const [events, seconds, backlog] = [Number(values.events), Number(values.seconds), Number(values.backlog)]
const STEADY_PER_SECOND = 10_000
const OUTAGE_PER_SECOND = 2_000
const OUTAGE_SECONDS = 3_600

const number = (value: number): string => Math.round(value).toLocaleString('en')
const verdict = (isMet: boolean): string => (isMet ? 'met' : 'NOT met')

console.log(
  `Node ${process.version}, ${availableParallelism()} × ${cpus()[0]?.model}, load ${loadavg()[0]?.toFixed(1)}`
)
const place = await openPlace()
try {
  await place.startService()
  const alone = await rowsPerSecondAlone(place.servers.databaseUrl, Math.min(backlog, 320_000))
  console.log(`COPY into a temporary table and ON CONFLICT, alone: ${number(alone)} rows/s`)
  await measureDrain(alone)
  await measureSteady()
  await measureOutage()
  await place.killService()
  await measureReading()
} finally {
  await place.close()
}

async function measureDrain(alone: number): Promise<void> {
  const gateway = await openGateway(place, 'drain')
  await fill(gateway, backlog)
  const startedAtMs = performance.now()
  gateway.ship()
  await drained(gateway)
  const perSecond = backlog / ((performance.now() - startedAtMs) / 1000)
  const ratio = perSecond / alone
  console.log(
    `draining ${number(backlog)} events out of a spool: ${number(perSecond)} events/s, ${ratio.toFixed(2)} of that (goal 0.5: ${verdict(ratio >= 0.5)})`
  )
  await gateway.close()
}

async function measureSteady(): Promise<void> {
  const gateway = await openGateway(place, 'steady')
  gateway.ship()
  const backlogs: number[] = []
  await gateway.live(STEADY_PER_SECOND, seconds, (waiting) => void backlogs.push(waiting))
  const half = backlogs.slice(backlogs.length >> 1)
  const isFlat = Math.max(...half) < 2 * STEADY_PER_SECOND
  console.log(
    `${number(STEADY_PER_SECOND)} events/s for ${seconds} s: backlog each second ${backlogs.map(number).join(' ')} (goal: flat: ${verdict(isFlat)})`
  )
  await drained(gateway)
  await gateway.close()
}

/** An hour's worth of events would take half an hour to make; what is caught up in a second does not depend on it. */
async function measureOutage(): Promise<void> {
  const gateway = await openGateway(place, 'outage')
  await place.killService()
  await fill(gateway, backlog)
  gateway.ship()
  const live = gateway.live(OUTAGE_PER_SECOND, 3_600)
  live.catch(() => undefined)
  await place.startService()
  const [before, startedAtMs] = [await gateway.backlog(), performance.now()]
  await drained(gateway, OUTAGE_PER_SECOND)
  const tookSeconds = (performance.now() - startedAtMs) / 1000
  const perSecond = before / tookSeconds + OUTAGE_PER_SECOND
  const times = perSecond / OUTAGE_PER_SECOND
  const hour = (OUTAGE_PER_SECOND * OUTAGE_SECONDS) / (perSecond - OUTAGE_PER_SECOND)
  console.log(
    `after an outage, while ${number(OUTAGE_PER_SECOND)} events/s go on: ${number(before)} waiting were caught up in ${tookSeconds.toFixed(1)} s, at ${times.toFixed(1)} times the live rate (goal 5: ${verdict(times >= 5)}); an hour's outage would take ${number(hour)} s`
  )
  await gateway.close()
}

async function measureReading(): Promise<void> {
  const loaded = await loadEvents(place, events)
  console.log(`${number(events)} events stored at ${number(loaded)}/s by the storing code alone, tree included`)
  const url = await place.startService()
  const queries = await timeQueries(url)
  for (const query of queries) console.log(`  ${describe(query)}`)
  const all = queries.flatMap(({ timesMs }) => timesMs)
  const worst = Math.max(...queries.map(({ timesMs }) => percentile(timesMs, 0.95)))
  console.log(
    `filtered queries at ${number(events)} events: p95 ${percentile(all, 0.95).toFixed(1)} ms, of the slowest filter ${worst.toFixed(1)} ms (goal 50: ${verdict(worst <= 50)})`
  )
  const proofs = await timeProofs(url)
  console.log(`${describe(proofs)} (goal 20: ${verdict(percentile(proofs.timesMs, 0.95) <= 20)})`)
  const gateway = await openGateway(place, 'tail')
  gateway.ship()
  const tail = await timeTail(url, () => gateway.append(1))
  console.log(`${describe(tail)} (goal 1,000: ${verdict(percentile(tail.timesMs, 0.95) <= 1_000)})`)
  await gateway.close()
}

function describe({ name, timesMs }: Timed): string {
  return `${name}: p50 ${percentile(timesMs, 0.5).toFixed(1)} ms, p95 ${percentile(timesMs, 0.95).toFixed(1)} ms`
}

function percentile(times: readonly number[], share: number): number {
  const sorted = times.toSorted((a, b) => a - b)
  return sorted[Math.ceil(share * sorted.length) - 1] ?? Number.NaN
}
