import type { AuditStats } from '@patgate/contracts'
import t from 'tap'
import { anActor, anEvent } from './fixtures/event.ts'
import { ids } from './fixtures/people.ts'
import { runService } from './fixtures/running-service.ts'

const at = (time: string) => ({ time: `2026-03-02T${time}Z` })
const DAY = 'from=2026-03-02T00:00:00Z&to=2026-03-03T00:00:00Z'

t.test('counts over time', async (t) => {
  const service = await runService(t)
  const { tokenService } = service
  const admin = tokenService.signIn({ id: ids.admin, admin: true })
  const stats = async (query: string, session = admin) => {
    const { status, body } = await service.get<AuditStats>(`/v1/audit/stats?${query}`, session)
    t.equal(status, 200, JSON.stringify(body))
    return body
  }
  const anna = anActor({ id: ids.anna, name: 'Anna', token_id: ids.annasToken })
  await service.store([
    anEvent(1, { ...at('00:00:00'), actor: anna, operation: 'read', group: 'red' }),
    anEvent(2, { ...at('00:59:59.999'), actor: anna, operation: 'read', group: 'red' }),
    anEvent(3, { ...at('01:00:00'), actor: anna, type: 'access.denied', outcome: 'denied', operation: 'share' }),
    anEvent(4, {
      ...at('23:30:00'),
      type: 'token.created',
      target: { type: 'token', id: ids.annasToken },
      details: { name: 'nightly build' }
    }),
    anEvent(5, { time: '2026-03-03T00:00:00Z' })
  ])

  await t.test('by type and hour, with a zero where nothing was', async (t) => {
    const { by, interval, times, total, series, others } = await stats(`${DAY}&interval=1h`)
    t.same({ by, interval, total, others }, { by: 'type', interval: '1h', total: 4, others: null })
    t.equal(times.length, 24)
    t.same([times[0], times[23]], ['2026-03-02T00:00:00.000Z', '2026-03-02T23:00:00.000Z'])
    t.same(
      series.map(({ key, total }) => [key, total]),
      [
        ['access.allowed', 2],
        ['access.denied', 1],
        ['token.created', 1]
      ]
    )
    t.same(series[0]?.counts, [2, ...Array.from({ length: 23 }, () => 0)])
    t.equal(series[2]?.counts[23], 1)
  })

  await t.test('by outcome, operation, actor and token, whom people know by name', async (t) => {
    const keys = async (by: string) =>
      (await stats(`${DAY}&interval=1d&by=${by}`)).series.map(({ key, name, total }) => [key, name, total])
    t.same(await keys('outcome'), [
      ['success', null, 3],
      ['denied', null, 1]
    ])
    t.same(await keys('operation'), [
      ['read', null, 2],
      [null, null, 1],
      ['share', null, 1]
    ])
    t.same(await keys('actor'), [
      [ids.anna, 'Anna', 3],
      [null, null, 1]
    ])
    t.same(await keys('token'), [
      [ids.annasToken, 'nightly build', 3],
      [null, null, 1]
    ])
  })

  await t.test('the filters of the list count here too', async (t) => {
    t.equal((await stats(`${DAY}&operation=read`)).total, 2)
    t.equal((await stats(`${DAY}&token=${ids.annasToken}&interval=1d`)).total, 4)
    t.equal((await stats(`${DAY}&group=red&q=anna`)).total, 2)
  })

  await t.test('everybody counts what they may see', async (t) => {
    const bert = tokenService.signIn({ id: ids.bert, roles: { red: 'owner' } })
    t.equal((await stats(DAY, bert)).total, 2)
    t.equal((await stats(DAY, tokenService.signIn({ id: ids.anna }))).total, 3)
    t.equal((await stats(DAY, tokenService.signIn({ id: ids.cleo }))).total, 0)
  })

  await t.test('without a time it is the last day, in intervals that a chart can show', async (t) => {
    const { from, to, interval, times } = await stats('')
    t.equal(Date.parse(to) - Date.parse(from), 86_400_000)
    t.equal(interval, '15m')
    t.ok(times.length <= 98)
    t.ok(Date.parse(times[0] ?? '') <= Date.parse(from), 'the first interval holds the beginning')
    t.equal((await stats(`${DAY}&interval=1w`)).times[0], '2026-03-02T00:00:00.000Z', 'a week begins on its Monday')
  })

  await t.test('twenty are listed, and the rest is counted as others', async (t) => {
    const many = Array.from({ length: 50 }, (_, place) =>
      anEvent(100 + place, {
        time: '2026-04-01T00:00:00Z',
        actor: anActor({ id: `01890000-0000-7000-8000-0000000001${String(place % 25).padStart(2, '0')}` })
      })
    )
    await service.store(many)
    const { series, others, total } = await stats(
      'from=2026-04-01T00:00:00Z&to=2026-04-02T00:00:00Z&interval=1d&by=actor'
    )
    t.equal(series.length, 20)
    t.same(others, { total: 10, counts: [10] })
    t.equal(total, 50)
  })

  await t.test('what cannot be counted is 400 and says why', async (t) => {
    const bad = [
      'by=colour',
      'interval=0s',
      'interval=1h30m',
      `${DAY}&interval=1s`,
      'from=2026-03-02T00:00:00Z&to=2026-03-02T00:00:00Z',
      'limit=5'
    ]
    for (const query of bad) {
      const { status, body } = await service.get(`/v1/audit/stats?${query}`, admin)
      t.equal(status, 400, query)
      t.ok(body.errors?.[0]?.path, query)
    }
    t.equal((await service.get('/v1/audit/stats')).status, 401)
  })

  await t.test('counting is recorded as reading', async (t) => {
    const { items } = await service.list('type=audit.read&limit=500', admin)
    t.ok(items.some(({ details }) => details.counted_by === 'operation'))
  })
})
