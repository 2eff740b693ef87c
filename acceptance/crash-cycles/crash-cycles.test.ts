import { renameSync, rmSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { test } from 'tap'
import { effort } from '../support/effort.ts'
import { type KillOptions, kill } from '../support/kill.ts'
import { type Patgate, type ProcessName, startPatgate } from '../support/patgate.ts'
import { until } from '../support/until.ts'
import { openChance } from './chance.ts'
import { type Load, startLoad } from './load.ts'
import { exportLog, readExport, verifyExport, type WholeLog } from './whole-log.ts'

/** Each as often as the others, in an order that chance decides. */
const VICTIMS: readonly ProcessName[] = ['gateway', 'audit_service', 'nats', 'postgres']
const ROUNDS = effort(5, 50)
/** Between the moment when everything answers again and the next kill. */
const LONGEST_PEACE_MS = 600
/** What JetStream lost is sent again when it has not been stored for 30 seconds. */
const STORED_WITHIN_MS = 180_000
const ASKED_EVERY_MS = 2_000
/** By the demo API, by the gateway, and by a gateway that cannot tell; `null` is no answer. */
const POSSIBLE = /^(404|403|50[0-9]|null)$/
const chance = openChance()

test(`kill -9 at random points loses no event whose response was sent, and doubles none (SEED=${chance.seed})`, async (t) => {
  // The runner must not take these kills for a crash that comes again and again.
  const patgate = await startPatgate(t, { environment: { LONGEST_RESTART_PAUSE_MS: '250' } })
  const admin = await patgate.asAdmin()
  const folder = await mkdtemp(join(tmpdir(), 'patgate-exports-'))
  t.teardown(() => rm(folder, { recursive: true, force: true }))
  const [before, after] = [join(folder, 'before.ndjson'), join(folder, 'after.ndjson')]
  await exportLog(patgate, admin.session, before)
  const { size } = await readExport(before)

  const load = startLoad(patgate.run, admin)
  t.teardown(load.stop)
  for (let round = 1; round <= ROUNDS; round += 1) {
    await killEach(patgate, load, round)
    t.comment(`round ${round}: ${load.requests.size} requests sent, ${load.created.length} tokens created`)
  }
  await load.untilAnswered()
  await load.stop()

  const log = await untilStored(load, async () => {
    await exportLog(patgate, admin.session, after, size)
    return readExport(after)
  })

  const statuses = countStatuses(load)
  t.comment(`answers: ${JSON.stringify(statuses)}; gaps told: ${log.gaps.length}`)
  t.same(
    Object.keys(statuses).filter((status) => !POSSIBLE.test(status)),
    [],
    'nobody was answered wrongly'
  )
  t.same(missing(load, log), [], 'whatever was answered has its event')
  t.same(moreThanOnce(log.accesses), [], 'no request has two events')
  t.same(moreThanOnce(log.creations), [], 'no call has two events')
  t.same(log.doubled, [], 'no number was given twice')
  t.same(log.holes, [], 'no number is missing')
  t.match(await verifyExport(after, before), /unchanged\nThe export holds/, 'the log of before is its beginning')
})

async function killEach(patgate: Patgate, load: Load, round: number): Promise<void> {
  // Every second time, so that a store is also found again as it was left.
  const whileDead = (victim: ProcessName): KillOptions =>
    victim === 'nats' && round % 2 === 1 ? { whileDead: () => wipeJetStream(patgate) } : {}
  for (const victim of chance.shuffled(VICTIMS)) {
    await load.untilAnswered()
    await pause(chance.below(LONGEST_PEACE_MS))
    await kill(patgate, victim, whileDead(victim))
  }
}

/** The log once it has everything that was answered; or, when that takes too long, as it is. */
async function untilStored(load: Load, read: () => Promise<WholeLog>): Promise<WholeLog> {
  const deadlineMs = performance.now() + STORED_WITHIN_MS
  // What was killed last may not answer yet.
  let log = await until('the log can be exported', STORED_WITHIN_MS, () => read().catch(() => null))
  while (missing(load, log).length > 0 && performance.now() < deadlineMs) {
    await pause(ASKED_EVERY_MS)
    log = await read()
  }
  return log
}

/** Renamed first, so that a server which has not quite ended writes to what is thrown away. */
function wipeJetStream({ home }: Patgate): void {
  const store = join(home, 'nats', 'jetstream')
  renameSync(store, `${store}.wiped`)
  rmSync(`${store}.wiped`, { recursive: true })
}

/** Of what was answered. A gateway that could not tell whether to allow a request counts it as one of nobody's: no promise. */
function missing({ requests, created }: Load, log: WholeLog): string[] {
  const decided = [...requests].filter(([, status]) => status !== null && status < 500).map(([path]) => path)
  return [...decided.filter((path) => !log.accesses.has(path)), ...created.filter((id) => !log.creations.has(id))]
}

function moreThanOnce(counts: ReadonlyMap<string, number>): string[] {
  return [...counts].filter(([, count]) => count > 1).map(([name]) => name)
}

function countStatuses({ requests }: Load): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const status of requests.values()) counts[String(status)] = (counts[String(status)] ?? 0) + 1
  return counts
}
