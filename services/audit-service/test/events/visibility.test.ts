import type { AuditEvent } from '@patgate/contracts'
import t from 'tap'
import { anActor, anEvent } from '../fixtures/event.ts'
import { ids } from '../fixtures/people.ts'
import { runService } from '../fixtures/running-service.ts'
import type { Person } from '../fixtures/token-service.ts'

const log: readonly AuditEvent[] = [
  anEvent(1, { actor: anActor({ id: ids.anna }), group: 'red' }),
  anEvent(2, { actor: anActor({ id: ids.admin }), details: { owner_id: ids.anna } }),
  anEvent(3, { actor: anActor({ id: ids.bert }), group: 'red' }),
  anEvent(4, { actor: anActor({ id: ids.bert }), group: 'blue', details: { owner_id: ids.anna } }),
  anEvent(5, { actor: anActor({ id: ids.bert }) }),
  anEvent(6)
]

const cases: [who: string, person: Person, seqs: number[]][] = [
  ['an admin: all', { id: ids.admin, admin: true }, [6, 5, 4, 3, 2, 1]],
  ['anna: what she did, and what happened to what is hers', { id: ids.anna }, [4, 2, 1]],
  [
    'bert: what he did, not what happened to others in his groups',
    { id: ids.bert, roles: { red: 'analyst' } },
    [5, 4, 3]
  ],
  ['cleo, a stranger: nothing', { id: ids.cleo }, []],
  ['cleo as guest of red: nothing', { id: ids.cleo, roles: { red: 'guest' } }, []],
  ['cleo as analyst of red: nothing', { id: ids.cleo, roles: { red: 'analyst' } }, []],
  ['cleo as maintainer of red: that group', { id: ids.cleo, roles: { red: 'maintainer' } }, [3, 1]],
  ['cleo as owner of blue: that group', { id: ids.cleo, roles: { blue: 'owner', red: 'uploader' } }, [4]],
  ['cleo as owner of both: each event once', { id: ids.cleo, roles: { blue: 'owner', red: 'maintainer' } }, [4, 3, 1]],
  ['anna as owner of red: her own and the group, each once', { id: ids.anna, roles: { red: 'owner' } }, [4, 3, 2, 1]]
]

t.test('who sees what, in the list and by id', async (t) => {
  const service = await runService(t)
  await service.store(log)
  for (const [who, person, seqs] of cases) {
    const session = service.tokenService.signIn(person)
    const { items } = await service.list('limit=500&to=2026-03-02T00:00:00Z', session)
    t.same(
      items.map(({ seq }) => seq),
      seqs,
      who
    )
    for (const event of log) {
      const { status, body } = await service.get<unknown>(`/v1/audit/events/${event.id}`, session)
      t.equal(status, seqs.includes(event.seq) ? 200 : 404, `${who}, event ${event.seq}`)
      if (status === 200) t.same(body, event)
    }
  }
})

t.test("somebody else's event and one that never was are told apart by nothing", async (t) => {
  const service = await runService(t)
  await service.store(log)
  const session = service.tokenService.signIn({ id: ids.cleo })
  const foreign = await service.get(`/v1/audit/events/${log[0]?.id}`, session)
  const unknown = await service.get(`/v1/audit/events/${ids.cleo}`, session)
  const { request_id: _one, ...foreignBody } = foreign.body
  const { request_id: _other, ...unknownBody } = unknown.body
  t.equal(foreign.status, 404)
  t.same(foreignBody, unknownBody)
})

t.test('a filter never widens what the caller may see', async (t) => {
  const service = await runService(t)
  await service.store(log)
  const session = service.tokenService.signIn({ id: ids.cleo, roles: { red: 'maintainer' } })
  const queries = [`actor=${ids.bert}`, 'group=blue', 'outcome=success', `token=${ids.annasToken}`]
  const found = await Promise.all(queries.map((query) => service.list(`${query}&to=2026-03-02T00:00:00Z`, session)))
  t.same(
    found.map(({ items }) => items.map(({ seq }) => seq)),
    [[3], [], [3, 1], []]
  )
})
