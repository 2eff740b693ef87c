import { availableParallelism, cpus, loadavg } from 'node:os'
import { parseArgs } from 'node:util'
import { openGateway } from './ingest.ts'
import { openPlace } from './place.ts'
import { loadEvents, type Timed, timeProofs, timeQueries, timeTail } from './reading.ts'
import { createReport, percentile, whole } from './report.ts'
import { measureSpool } from './spool.ts'
import { measureDrain, measureOutage, measureSteady } from './writing.ts'

/*
 * `npm run bench:audit`: what an event costs the gateway, what the audit log takes, how fast it catches up, and how fast it is
 * read when it is large. Real PostgreSQL, Redis and NATS; the audit service is a process of its own, the gateway's spool and
 * shipper run in this one. `npm run bench:audit -- --events 200000 --seconds 10 --backlog 100000 --outage 60` does the same
 * with less, `--only reading` a part of it.
 */
const { values } = parseArgs({
  options: {
    /** How many events the log holds when it is read. */
    events: { type: 'string', default: '10000000' },
    /** How long the steady load lasts. */
    seconds: { type: 'string', default: '60' },
    /** How many events wait in the spool when the drain begins. */
    backlog: { type: 'string', default: '600000' },
    /** How long the audit service was away, in seconds. The whole hour takes some 30 GB and twenty minutes. */
    outage: { type: 'string', default: '600' },
    /** One of spool, drain, steady, outage, reading; may be given several times. */
    only: { type: 'string', multiple: true, default: ['spool', 'drain', 'steady', 'outage', 'reading'] }
  }
})
const isWanted = (part: string): boolean => values.only.includes(part)
const report = createReport()
const QUERY_GOAL_MS = 50
const PROOF_GOAL_MS = 20
const TAIL_GOAL_MS = 1_000

console.log(
  `Node ${process.version}, ${availableParallelism()} × ${cpus()[0]?.model}, load ${loadavg()[0]?.toFixed(1)}`
)
if (isWanted('spool')) await measureSpool(report)
const place = await openPlace()
try {
  await place.startService()
  if (isWanted('drain')) await measureDrain(place, report, Number(values.backlog))
  if (isWanted('steady')) await measureSteady(place, report, Number(values.seconds))
  if (isWanted('outage')) await measureOutage(place, report, Number(values.outage))
  if (isWanted('reading')) await measureReading(Number(values.events))
} finally {
  await place.close()
  console.log(`\n${report.table()}`)
}

async function measureReading(events: number): Promise<void> {
  await place.killService()
  const loaded = await loadEvents(place, events)
  console.log(`${whole(events)} events stored at ${whole(loaded)}/s by the storing code alone, tree included`)
  const url = await place.startService()
  await place.signed()
  for (const query of await timeQueries(url)) tell(query, QUERY_GOAL_MS)
  tell(await timeProofs(url), PROOF_GOAL_MS)
  const gateway = await openGateway(place, 'tail')
  gateway.ship()
  tell(await timeTail(url, () => gateway.append(1)), TAIL_GOAL_MS)
  await gateway.close()

  function tell({ name, timesMs }: Timed, goalMs: number): void {
    const [half, most] = [percentile(timesMs, 0.5), percentile(timesMs, 0.95)]
    report.row({
      what: `at ${whole(events)} events: ${name}`,
      measured: `p50 ${half.toFixed(1)} ms, p95 ${most.toFixed(1)} ms`,
      goal: `p95 ${whole(goalMs)} ms`,
      isMet: most <= goalMs
    })
  }
}
