import type { AuditEvent } from '@patgate/contracts'
import { until } from '@patgate/test-kit'
import t, { type Test } from 'tap'
import { anActor, anEvent } from './fixtures/event.ts'
import { ids } from './fixtures/people.ts'
import { openProducer } from './fixtures/producer.ts'
import { runService } from './fixtures/running-service.ts'

t.test('the tail of the log', async (t) => {
  const service = await runService(t)
  const { tokenService, url } = service
  const admin = tokenService.signIn({ id: ids.admin, admin: true })
  const follow = (t: Test, session: string, query = '', lastEventId?: string) =>
    openTail(t, `${url}/v1/audit/tail?${query}`, session, lastEventId)

  await t.test('headers and a comment come at once, before anything is stored', async (t) => {
    const tail = await follow(t, admin)
    t.equal(tail.status, 200)
    t.match(tail.headers.get('content-type'), /^text\/event-stream/)
    t.equal(tail.headers.get('cache-control'), 'no-store')
    await until(() => tail.text().startsWith(': '))
  })

  await t.test('an event of a gateway is on the screen within a second', async (t) => {
    const tail = await follow(t, admin, 'type=access.allowed')
    const producer = await openProducer(t, service)
    const sentAtMs = performance.now()
    await producer.send([1])
    await until(() => tail.events().length === 1)
    const tookMs = performance.now() - sentAtMs
    t.ok(tookMs < 1_000, `${tookMs.toFixed(0)} ms`)
    t.match(tail.events(), [{ producer: 'gateway-1', seq: 1 }])
  })

  await t.test('who comes back with the last id misses none and sees none twice', async (t) => {
    const first = await follow(t, admin, 'type=token.created')
    await service.store([2, 3].map((seq) => anEvent(seq, { type: 'token.created' })))
    await until(() => first.events().length === 2)
    first.close()
    await service.store([4, 5, 6].map((seq) => anEvent(seq, { type: seq === 5 ? 'token.deleted' : 'token.created' })))
    const second = await follow(t, admin, 'type=token.created', first.lastId())
    await service.store([anEvent(7, { type: 'token.created' })])
    await until(() => second.events().length === 3)
    t.same(
      second.events().map(({ seq }) => seq),
      [4, 6, 7]
    )
    t.ok(Number(second.lastId()) > Number(first.lastId()))
  })

  await t.test('a silence under the filter moves the id on, and thousands of events come in order', async (t) => {
    const tail = await follow(t, admin, 'type=group.created')
    const events = Array.from({ length: 2_500 }, (_, place) => anEvent(100 + place))
    await service.store([...events, anEvent(10_000, { type: 'group.created' })])
    await until(() => tail.events().length === 1)
    const all = await follow(t, admin, 'type=access.allowed', String(Number(tail.lastId()) - 2_501))
    await until(() => all.events().length === 2_500)
    t.same(
      all.events().map(({ seq }) => seq),
      events.map(({ seq }) => seq)
    )
    await until(() => Number(all.lastId()) >= Number(tail.lastId()), {
      message: 'the id of the last, which is filtered'
    })
  })

  await t.test('everybody sees what they may see, and what their role shows them now', async (t) => {
    const session = tokenService.signIn({ id: ids.anna, roles: { red: 'maintainer', blue: 'analyst' } })
    const tail = await follow(t, session)
    await service.store([
      anEvent(20_001, { group: 'blue' }),
      anEvent(20_002, { group: 'red' }),
      anEvent(20_003, { actor: anActor({ id: ids.bert }), details: { owner_id: ids.anna } }),
      anEvent(20_004, { actor: anActor({ id: ids.bert }) })
    ])
    await until(() => tail.events().filter(isAccess).length === 2)
    t.same(
      tail
        .events()
        .filter(isAccess)
        .map(({ seq }) => seq),
      [20_002, 20_003]
    )
  })

  await t.test('a session that ends ends its tail, and nothing more is shown', async (t) => {
    const session = tokenService.signIn({ id: ids.admin, admin: true })
    const tail = await follow(t, session, 'type=bot.created')
    await service.store([anEvent(30_001, { type: 'bot.created' })])
    await until(() => tail.events().length === 1)
    tokenService.signOut(session)
    let seq = 30_002
    await until(async () => {
      await service.store([anEvent(seq++)])
      return tail.hasEnded()
    })
    await service.store([anEvent(seq, { type: 'bot.created' })])
    t.equal(tail.events().length, 1)
    t.match(tail.text(), /the session has to be shown again/)
    t.equal((await follow(t, session)).status, 401)
  })

  await t.test(
    'a session that ends ends its tail within the bound of every stream, although nothing is stored',
    async (t) => {
      const session = tokenService.signIn({ id: ids.admin, admin: true })
      const tail = await follow(t, session, 'type=bot.deleted')
      await until(() => tail.text().startsWith(': '))
      tokenService.signOut(session)
      const endedAtMs = performance.now()
      await until(() => tail.hasEnded())
      const tookMs = performance.now() - endedAtMs
      t.ok(tookMs < 2_500, `${tookMs.toFixed(0)} ms`)
    }
  )

  await t.test('a bad filter or id is 400 before any stream', async (t) => {
    for (const query of ['type=nothing', 'limit=5', 'q=', 'from=0000-01-01T00:00:00Z'])
      t.equal((await follow(t, admin, query)).status, 400, query)
    for (const id of ['x', '-1', '1.5', '99999999999', '1e3']) t.equal((await follow(t, admin, '', id)).status, 400, id)
    t.equal((await service.get('/v1/audit/tail')).status, 401)
  })

  await t.test('the opening of a tail is recorded as reading', async (t) => {
    const { items } = await service.list('type=audit.read&limit=500', admin)
    t.match(items.filter(({ details }) => details.tail === true).at(0), {
      actor: { id: ids.admin },
      request: { path: '/v1/audit/tail' },
      details: { filters: ['type'] }
    })
  })

  await t.test('the end of the service ends the tails in order', async (t) => {
    const tail = await follow(t, admin)
    t.equal(await service.stop(), true)
    await until(() => tail.hasEnded())
  })
})

const isAccess = ({ type }: AuditEvent): boolean => type === 'access.allowed'

interface Tail {
  readonly status: number
  readonly headers: Headers
  text(): string
  events(): AuditEvent[]
  lastId(): string
  hasEnded(): boolean
  close(): void
}

async function openTail(t: Test, url: string, session: string, lastEventId?: string): Promise<Tail> {
  const closing = new AbortController()
  t.teardown(() => closing.abort())
  const response = await fetch(url, {
    signal: closing.signal,
    headers: {
      authorization: `Bearer ${session}`,
      ...(lastEventId === undefined ? {} : { 'last-event-id': lastEventId })
    }
  })
  let text = ''
  let hasEnded = false
  const read = async () => {
    for await (const part of response.body?.pipeThrough(new TextDecoderStream()) ?? []) text += part
    hasEnded = true
  }
  read().catch(() => undefined)
  return {
    status: response.status,
    headers: response.headers,
    text: () => text,
    events: () => [...text.matchAll(/^data: (.*)\n\n/gm)].map(([, json = '']) => JSON.parse(json)),
    lastId: () => [...text.matchAll(/^id: ([0-9]+)$/gm)].at(-1)?.[1] ?? '',
    hasEnded: () => hasEnded,
    close: () => closing.abort()
  }
}
