import { setTimeout as pause } from 'node:timers/promises'
import type { AuditEvent } from '@patgate/contracts'
import { type Test, test } from 'tap'
import type { SessionApi } from './support/api.ts'
import { kill } from './support/kill.ts'
import type { ProcessName } from './support/patgate.ts'
import { sharedPatgate } from './support/shared-patgate.ts'
import { until } from './support/until.ts'

const VICTIMS: ProcessName[] = ['token_service', 'audit_service', 'gateway', 'nats', 'redis', 'postgres']
const BACK_WITHIN_MS = 60_000
const CALLS_BEFORE = 15
const CALLS_AFTER = 10
/** As many calls as the cores can do would only delay what comes back. */
const PAUSE_MS = 20
/** The whole log is read again and again until it has everything. */
const ASKED_EVERY_MS = 250

test('kill -9 of any one process under load loses no management event and doubles none', async (t) => {
  const patgate = await sharedPatgate()
  const admin = await patgate.asAdmin()
  const created: string[] = []

  for (const victim of VICTIMS) {
    await t.test(`of ${victim}`, async (t) => {
      const load = createTokens(admin, created)
      await load.untilCreated(CALLS_BEFORE)
      await kill(patgate, victim)
      await load.untilCreated(CALLS_AFTER)
      await load.stop()
      await eachHasOneEvent(t, admin, created)
    })
  }

  await t.test('the numbers of the management events have no gap', async (t) => {
    const numbers = (await allEvents(admin))
      .filter((event) => event.producer === 'token-service')
      .map((event) => event.seq)
    t.equal(new Set(numbers).size, numbers.length, 'no number twice')
    t.equal(Math.max(...numbers), numbers.length, 'none missing')
  })

  await t.test('the log of the processes holds no secret', async (t) => {
    t.notMatch(patgate.output().replaceAll(patgate.run.demo.token, ''), /pat_[0-9A-Za-z]{38}/)
    t.notMatch(patgate.output(), /eyJ[\w-]+\.[\w-]+\.[\w-]+/)
    t.notMatch(patgate.output().replace(/password.*/gi, ''), patgate.run.admin.password)
  })
})

/** Creates tokens one after another through the gateway; a call that fails while something is down is simply tried again. */
function createTokens(admin: SessionApi, created: string[]) {
  let isRunning = true
  const loop = (async () => {
    while (isRunning) {
      const token = await admin.createToken({ name: `load ${created.length}` }).catch(() => null)
      if (token !== null) created.push(token.id)
      await pause(PAUSE_MS)
    }
  })()
  return {
    untilCreated(count: number) {
      const target = created.length + count
      return until(`${count} more tokens are created`, BACK_WITHIN_MS, async () => created.length >= target)
    },
    async stop() {
      isRunning = false
      await loop
    }
  }
}

async function eachHasOneEvent(t: Test, admin: SessionApi, created: readonly string[]): Promise<void> {
  const counts = await until('every token that was answered is in the log', BACK_WITHIN_MS, async () => {
    const events = await allEvents(admin, '&type=token.created').catch(() => [])
    const found = new Map(created.map((id) => [id, 0]))
    for (const { target } of events) {
      if (target === null) continue
      const count = found.get(target.id)
      if (count !== undefined) found.set(target.id, count + 1)
    }
    if ([...found.values()].every((count) => count > 0)) return found
    await pause(ASKED_EVERY_MS)
    return null
  })
  t.same(
    [...counts].filter(([, count]) => count !== 1),
    [],
    'none is doubled'
  )
}

async function allEvents(admin: SessionApi, filter = ''): Promise<AuditEvent[]> {
  const events: AuditEvent[] = []
  for (let cursor: string | null = ''; cursor !== null; ) {
    const query: string = cursor === '' ? '' : `&cursor=${encodeURIComponent(cursor)}`
    const page = await admin.call<{ items: AuditEvent[]; next_cursor: string | null }>(
      `/v1/audit/events?limit=500${filter}${query}`
    )
    if (page.status !== 200) throw new Error(`the audit log answered ${page.status}`)
    events.push(...page.body.items)
    cursor = page.body.next_cursor
  }
  return events
}
