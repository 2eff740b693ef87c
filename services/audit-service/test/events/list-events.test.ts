import type { AuditEvent } from '@patgate/contracts'
import t from 'tap'
import { anActor, anEvent } from '../fixtures/event.ts'
import { ids } from '../fixtures/people.ts'
import { type RunningService, runService } from '../fixtures/running-service.ts'

/** One event for each reason to be found or not. */
const log: readonly AuditEvent[] = [
  anEvent(1, { actor: anActor({ id: ids.anna, token_id: ids.annasToken }), group: 'red' }),
  anEvent(2, { actor: anActor({ id: ids.bert, token_id: ids.bertsToken }), group: 'blue' }),
  anEvent(3, { type: 'access.denied', outcome: 'denied', actor: anActor({ id: ids.anna }), group: 'blue' }),
  anEvent(4, {
    type: 'token.revoked',
    actor: anActor({ id: ids.admin }),
    target: { type: 'token', id: ids.annasToken }
  }),
  anEvent(5, {
    type: 'token.created',
    actor: anActor({ id: ids.anna }),
    target: { type: 'token', id: ids.bertsToken }
  }),
  anEvent(6, {
    type: 'token.rotated',
    actor: anActor({ id: ids.anna, token_id: ids.annasToken }),
    target: { type: 'token', id: ids.annasToken }
  }),
  anEvent(7, { type: 'user.updated', target: { type: 'user', id: ids.annasToken } }),
  anEvent(8, { type: 'session.failed', outcome: 'failure', reason: 'The 100%_sure "thing"' }),
  anEvent(9, {
    actor: anActor({ name: 'Ada Lovelace', address: '2001:db8::1', user_agent: 'curl/8.5.0' }),
    operation: 'share',
    target: { type: 'dashboard', id: 'q3-report' },
    request: {
      id: 'r-1',
      method: 'POST',
      path: '/api/groups/red/dashboards/q3-report/share',
      status: 200,
      duration_ms: 1
    },
    details: { nested: [{ note: 'Größe' }] }
  }),
  anEvent(10, { operation: 'read', target: { type: 'dashboard', id: 'q4-report' } })
]

t.test('filters', async (t) => {
  const service = await runService(t)
  await service.store(log)
  const admin = service.tokenService.signIn({ id: ids.admin, admin: true })
  const found = async (query: string) =>
    (await service.list(query, admin)).items.filter(isOfTheLog).map(({ seq }) => seq)

  const cases: [query: string, seqs: number[]][] = [
    ['', [10, 9, 8, 7, 6, 5, 4, 3, 2, 1]],
    [`actor=${ids.anna}`, [6, 5, 3, 1]],
    [`actor=${ids.anna.toUpperCase()}`, [6, 5, 3, 1]],
    [`actor=${ids.cleo}`, []],
    [`token=${ids.annasToken}`, [6, 4, 1]],
    [`token=${ids.bertsToken}`, [5, 2]],
    [`token=${ids.annasToken.toUpperCase()}`, [6, 4, 1]],
    ['group=blue', [3, 2]],
    ['type=access.allowed', [10, 9, 2, 1]],
    ['outcome=denied', [3]],
    ['outcome=failure', [8]],
    ['outcome=success&type=token.revoked', [4]],
    [`actor=${ids.anna}&group=blue&outcome=denied`, [3]],
    [`token=${ids.annasToken}&actor=${ids.admin}`, [4]],
    [`from=${timeOf(3)}&to=${timeOf(6)}`, [5, 4, 3]],
    [`from=${timeOf(7)}`, [10, 9, 8, 7]],
    [`to=${timeOf(2)}`, [1]],
    ['target_type=dashboard', [10, 9]],
    ['target_type=token', [6, 5, 4]],
    ['target_id=q3-report', [9]],
    [`target_id=${ids.annasToken}`, [7, 6, 4]],
    [`target_type=user&target_id=${ids.annasToken}`, [7]],
    ['target_id=Q3-report', []],
    ['operation=share', [9]],
    ['operation=delete', []],
    ['address=2001:db8::1', [9]],
    ['address=2001:0DB8:0:0::0001', [9]],
    ['address=192.0.2.7&type=token.created', [5]],
    ['address=::ffff:192.0.2.7&operation=read', [10]],
    ['address=192.0.2.8', []],
    ['q=lovelace', [9]],
    ['q=CURL/8', [9]],
    ['q=q4-rep', [10]],
    ['q=/dashboards/', [9]],
    [`q=${encodeURIComponent('größe')}`, [9]],
    ['q=100%25_sure', [8]],
    ['q=100_', []],
    ['q=%25', [8]],
    ['q="thing"', [8]],
    ['q=dashboard&operation=read', [10]],
    ['q=nested', []],
    ['q=user_agent', []],
    [`q=${ids.annasToken}`, [7, 6, 4, 1]],
    [`from=${timeOf(4)}&to=${timeOf(4)}`, []],
    ['from=2026-03-01T13:00:05%2B01:00&to=2026-03-01T12:00:06.000000Z', [5]]
  ]
  for (const [query, seqs] of cases) t.same(await found(query), seqs, query || 'no filter')
})

t.test('an answer is the events as they are, newest first', async (t) => {
  const service = await runService(t)
  await service.store(log)
  const admin = service.tokenService.signIn({ id: ids.admin, admin: true })
  const { items, next_cursor } = await service.list('to=2026-03-02T00:00:00Z', admin)
  t.same(items, log.toReversed())
  t.equal(next_cursor, null)
})

t.test('pages of 7 through 500 events miss none and show none twice, also while new ones arrive', async (t) => {
  const service = await runService(t)
  const sameTime = '2026-03-01T00:00:00.123456789Z'
  // Long runs of one time, down to the digits below PostgreSQL's, so that the id has to decide.
  const events = Array.from({ length: 500 }, (_, index) =>
    anEvent(index + 1, {
      ...(index % 50 < 30 ? { time: sameTime } : {}),
      actor: anActor({ id: ids.anna, token_id: ids.annasToken }),
      group: 'red',
      target: { type: 'token', id: ids.annasToken },
      details: { owner_id: ids.anna }
    })
  )
  await service.store(events)
  const expected = events.map(({ seq }) => seq)
  const readers: [who: string, session: string, query: string][] = [
    ['an admin', service.tokenService.signIn({ id: ids.admin, admin: true }), ''],
    ['an admin by token', service.tokenService.signIn({ id: ids.admin, admin: true }), `&token=${ids.annasToken}`],
    ['the owner, who maintains the group', service.tokenService.signIn({ id: ids.anna, roles: { red: 'owner' } }), ''],
    [
      'the owner by token',
      service.tokenService.signIn({ id: ids.anna, roles: { red: 'owner' } }),
      `&token=${ids.annasToken}`
    ]
  ]
  for (const [who, session, query] of readers) {
    const seen = await readPages(service, session, query)
    t.same(
      seen.toSorted((a, b) => a - b),
      expected,
      who
    )
  }
})

t.test('a text is found however far back it is, in pages of bounded work', async (t) => {
  const service = await runService(t)
  const admin = service.tokenService.signIn({ id: ids.admin, admin: true })
  const marked = new Set([3, 4, 5, 9_500, 9_501])
  const events = Array.from({ length: 9_600 }, (_, index) =>
    anEvent(index + 1, marked.has(index + 1) ? { reason: 'a needle' } : {})
  )
  for (let from = 0; from < events.length; from += 2_000) await service.store(events.slice(from, from + 2_000))
  const pages: number[][] = []
  for (let cursor: string | null = ''; cursor !== null; ) {
    const behind: string = cursor === '' ? '' : `&cursor=${cursor}`
    const page = await service.list(`q=needle&type=access.allowed&limit=2${behind}`, admin)
    pages.push(page.items.map(({ seq }) => seq))
    cursor = page.next_cursor
  }
  t.same(pages[0], [9_501, 9_500], 'a page that is full')
  t.same(pages.flat(), [9_501, 9_500, 5, 4, 3], 'each once, in order')
  t.ok(pages.length > 3, 'a page ends after so many events that do not match')
})

t.test('limit is 50 unless said, and at most 500', async (t) => {
  const service = await runService(t)
  const admin = service.tokenService.signIn({ id: ids.admin, admin: true })
  await service.store(Array.from({ length: 600 }, (_, index) => anEvent(index + 1)))
  t.equal((await service.list('', admin)).items.length, 50)
  t.equal((await service.list('limit=500', admin)).items.length, 500)
  t.equal((await service.list('limit=1', admin)).items.length, 1)
})

/** Follows the cursors to the end; a newer event arrives before each page. */
async function readPages(service: RunningService, session: string, query: string): Promise<number[]> {
  const seen: number[] = []
  let cursor: string | null = null
  let arrived = 1_000
  do {
    arrived += 1
    await service.store([anEvent(arrived, { actor: anActor({ id: ids.anna }), group: 'red' })])
    const behind: string = cursor === null ? '' : `&cursor=${cursor}`
    const { items, next_cursor } = await service.list(`limit=7${query}${behind}`, session)
    seen.push(...items.filter(isOfTheLog).map(({ seq }) => seq))
    cursor = next_cursor
  } while (cursor !== null)
  return seen.filter((seq) => seq <= 500)
}

const isOfTheLog = ({ producer }: AuditEvent): boolean => producer === 'gateway-1'

const timeOf = (seq: number): string => anEvent(seq).time
