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
  anEvent(8, { type: 'session.failed', outcome: 'failure' })
]

t.test('filters', async (t) => {
  const service = await runService(t)
  await service.store(log)
  const admin = service.tokenService.signIn({ id: ids.admin, admin: true })
  const found = async (query: string) =>
    (await service.list(query, admin)).items.filter(isOfTheLog).map(({ seq }) => seq)

  const cases: [query: string, seqs: number[]][] = [
    ['', [8, 7, 6, 5, 4, 3, 2, 1]],
    [`actor=${ids.anna}`, [6, 5, 3, 1]],
    [`actor=${ids.anna.toUpperCase()}`, [6, 5, 3, 1]],
    [`actor=${ids.cleo}`, []],
    [`token=${ids.annasToken}`, [6, 4, 1]],
    [`token=${ids.bertsToken}`, [5, 2]],
    [`token=${ids.annasToken.toUpperCase()}`, [6, 4, 1]],
    ['group=blue', [3, 2]],
    ['type=access.allowed', [2, 1]],
    ['outcome=denied', [3]],
    ['outcome=failure', [8]],
    ['outcome=success&type=token.revoked', [4]],
    [`actor=${ids.anna}&group=blue&outcome=denied`, [3]],
    [`token=${ids.annasToken}&actor=${ids.admin}`, [4]],
    [`from=${timeOf(3)}&to=${timeOf(6)}`, [5, 4, 3]],
    [`from=${timeOf(7)}`, [8, 7]],
    [`to=${timeOf(2)}`, [1]],
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
