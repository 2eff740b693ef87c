import { rowsPerSecondAlone } from './copy-alone.ts'
import { drained, fill, openGateway } from './ingest.ts'
import type { Place } from './place.ts'
import { type Report, whole } from './report.ts'

const STEADY_PER_SECOND = 10_000
const OUTAGE_PER_SECOND = 2_000
const HOUR_SECONDS = 3_600
const LONGEST_ALONE = 320_000
/** What is stored but in no checkpoint yet: a second's worth, and as much again while the signer reads it. */
const UNSIGNED_AT_MOST = 5 * STEADY_PER_SECOND

/** How fast a spool that is full of events is stored, beside what PostgreSQL takes at most. */
export async function measureDrain(place: Place, report: Report, backlog: number): Promise<void> {
  const alone = await rowsPerSecondAlone(place.servers.databaseUrl, Math.min(backlog, LONGEST_ALONE))
  console.log(`COPY into a temporary table and ON CONFLICT, alone: ${whole(alone)} rows/s`)
  const gateway = await openGateway(place, 'drain')
  await fill(gateway, backlog)
  const startedAtMs = performance.now()
  gateway.ship()
  await drained(gateway)
  const perSecond = backlog / ((performance.now() - startedAtMs) / 1000)
  const ratio = perSecond / alone
  report.row({
    what: `draining ${whole(backlog)} events, as a part of COPY and ON CONFLICT alone (${whole(alone)} rows/s)`,
    measured: `${ratio.toFixed(2)} (${whole(perSecond)} events/s)`,
    goal: '0.5',
    isMet: ratio >= 0.5
  })
  await gateway.close()
}

/** A steady load, through JetStream, with checkpoints signed beside it: neither the spool nor the signer may fall behind. */
export async function measureSteady(place: Place, report: Report, seconds: number): Promise<void> {
  const gateway = await openGateway(place, 'steady')
  gateway.ship()
  const [backlogs, unsigned]: [number[], number[]] = [[], []]
  await gateway.live(STEADY_PER_SECOND, seconds, async (waiting) => {
    backlogs.push(waiting)
    unsigned.push(await place.unsigned())
  })
  console.log(`backlog each second: ${backlogs.map(whole).join(' ')}`)
  console.log(`in no checkpoint yet: ${unsigned.map(whole).join(' ')}`)
  // By then everything is warm.
  const most = Math.max(...backlogs.slice(backlogs.length >> 1))
  const mostUnsigned = Math.max(...unsigned.slice(unsigned.length >> 1))
  report.row({
    what: `${whole(STEADY_PER_SECOND)} events/s for ${seconds} s: the largest backlog in the second half`,
    measured: `${whole(most)} events`,
    goal: `flat: under ${whole(2 * STEADY_PER_SECOND)}`,
    isMet: most < 2 * STEADY_PER_SECOND
  })
  report.row({
    what: 'beside it, stored events that no checkpoint covers',
    measured: `${whole(mostUnsigned)} events`,
    goal: `flat: under ${whole(UNSIGNED_AT_MOST)}`,
    isMet: mostUnsigned < UNSIGNED_AT_MOST
  })
  await drained(gateway)
  await gateway.close()
}

/** The audit service was gone for so long, at 2,000 events/s that go on: how fast is it caught up? */
export async function measureOutage(place: Place, report: Report, outageSeconds: number): Promise<void> {
  const gateway = await openGateway(place, 'outage')
  await place.killService()
  const missed = OUTAGE_PER_SECOND * outageSeconds
  await fill(gateway, missed)
  gateway.ship()
  // It goes on until the spool is closed.
  const live = gateway.live(OUTAGE_PER_SECOND, Number.POSITIVE_INFINITY)
  live.catch(() => undefined)
  await place.startService()
  const [before, startedAtMs] = [await gateway.backlog(), performance.now()]
  // What two seconds bring is always on its way. An outage that takes as long again to catch up has missed its goal by far.
  const isOver = await drained(gateway, 2 * OUTAGE_PER_SECOND, outageSeconds)
  const left = await gateway.backlog()
  const tookSeconds = (performance.now() - startedAtMs) / 1000
  const times = (before - left) / tookSeconds / OUTAGE_PER_SECOND + 1
  const share = outageSeconds / HOUR_SECONDS
  const scale = share === 1 ? 'an outage of an hour' : `an outage scaled down to ${share.toFixed(4)} of an hour`
  const hour = share === 1 ? '' : `; an hour's in ${whole(tookSeconds / share)} s`
  const end = isOver ? `in ${whole(tookSeconds)} s${hour}` : `given up with ${whole(left)} events left`
  report.row({
    what: `${scale}: ${whole(before)} events caught up while ${whole(OUTAGE_PER_SECOND)}/s go on, in times of that rate`,
    measured: `${times.toFixed(1)} (${end})`,
    goal: '5',
    isMet: times >= 5
  })
  await gateway.close()
}
