import type { AuditEvent, ChannelEnvelope, PublishedMessage } from '@patgate/contracts'
import { rawRequest, until } from '@patgate/test-kit'
import { EventSource } from 'eventsource'
import { type Test, test } from 'tap'
import { startGateway } from '../support/gateway.ts'
import { readEvents } from '../support/read-events.ts'
import { ALICE, scope, TOKEN_ID } from '../support/token-service.ts'
import { connectWebSocket, refusalOf } from '../support/web-socket-client.ts'

const both = scope('channel', ['publish', 'subscribe'])
const publishOnly = scope('channel', ['publish'], { entity_id: 'news' })
const subscribeOnly = scope('channel', ['subscribe'], { entity_id: 'news' })
const bearer = (token: string) => ({ authorization: `Bearer ${token}` })

interface Events {
  readonly envelopes: ChannelEnvelope[]
  readonly ids: string[]
  /** Data of `event: revoked`. */
  readonly revoked: string[]
  isOver(): boolean
  close(): void
}

test('channels over HTTP, SSE and WebSocket', async (t) => {
  const gateway = await startGateway(t)
  const { url, port, tokenService, deps, natsUrl } = gateway
  const issue = (...scopes: ReturnType<typeof scope>[]) => tokenService.issue({ scopes })
  const publish = (path: string, token: string, body: string | Buffer = '', headers: Record<string, string> = {}) =>
    fetch(`${url}/m/${path}`, { method: 'POST', body, headers: { ...bearer(token), ...headers } })
  const published = async (path: string, token: string, body: string | Buffer = '', headers = {}) => {
    const answer = await publish(path, token, body, headers)
    if (answer.status !== 202) throw new Error(`${answer.status} ${await answer.text()}`)
    return (await answer.json()) as PublishedMessage
  }
  const connect = (path: string, token: string) => connectWebSocket(t, `${url}/m/${path}`, { headers: bearer(token) })
  const listen = (t: Test, path: string, token: string, headers: Record<string, string> = {}): Promise<Events> => {
    const { promise, resolve, reject } = Promise.withResolvers<Events>()
    const source = new EventSource(`${url}/m/${path}`, {
      fetch: (input, init) => fetch(input, { ...init, headers: { ...init.headers, ...bearer(token), ...headers } })
    })
    t.teardown(() => source.close())
    const heard: Events = {
      envelopes: [],
      ids: [],
      revoked: [],
      isOver: () => source.readyState !== source.OPEN,
      close: () => source.close()
    }
    source.addEventListener('message', ({ data, lastEventId }) => {
      heard.envelopes.push(JSON.parse(data))
      heard.ids.push(lastEventId)
    })
    source.addEventListener('revoked', ({ data }) => {
      heard.revoked.push(data)
      source.close()
    })
    source.addEventListener('open', () => resolve(heard))
    source.addEventListener('error', ({ code }) => reject(new Error(`events were answered ${code}`)))
    return promise
  }
  const token = issue(both)

  await t.test('what is published is stored, and reaches SSE and WebSocket with its publisher', async (t) => {
    const events = await listen(t, 'demo/c/news', token)
    const socket = await connect('demo/c/news', token)
    const raw = await connect('demo/c/news?raw=1', token)
    const answer = await published('demo/c/news', token, 'hello', { 'content-type': 'text/plain; charset=utf-8' })
    t.match(answer, { id: /^[0-9a-f-]{36}$/, seq: Number, time: /^\d{4}-.*Z$/ })
    await until(() => events.envelopes.length === 1 && socket.messages.length === 1 && raw.messages.length === 1)
    const expected = {
      ...answer,
      group: 'demo',
      channel: 'news',
      subtopic: null,
      content_type: 'text/plain; charset=utf-8',
      publisher: { subject: ALICE.id, token_id: TOKEN_ID },
      payload: 'hello'
    }
    t.same(events.envelopes, [expected])
    t.same(events.ids, [String(answer.seq)])
    t.same(JSON.parse(socket.messages[0] ?? ''), expected)
    t.same(raw.messages, ['hello'])

    socket.socket.send('from a socket')
    raw.socket.send(Buffer.from([0xff, 0x00]))
    await until(() => events.envelopes.length === 3 && raw.messages.length === 3)
    t.match(events.envelopes[1], { payload: 'from a socket', content_type: null, publisher: { subject: ALICE.id } })
    t.match(events.envelopes[2], { payload_base64: '/wA=', publisher: { token_id: TOKEN_ID } })
    t.notOk('payload' in (events.envelopes[2] ?? {}))
    t.equal(raw.messages[2], 'ff00', 'the own messages come back too, bytes as bytes')
    await published('demo/c/news', token, Buffer.alloc(0))
    await until(() => events.envelopes.length === 4)
    t.match(events.envelopes[3], { payload: '', content_type: null })
  })

  await t.test('publish and subscribe are rights of their own, on every way', async (t) => {
    const [publisher, subscriber, nobody] = [issue(publishOnly), issue(subscribeOnly), issue()]
    const elsewhere = issue(scope('channel', ['publish', 'subscribe'], { entity_id: 'other' }))
    const guestless = tokenService.issue({ scopes: [both], roles: {} })
    for (const [who, status] of [
      [subscriber, 403],
      [nobody, 403],
      [elsewhere, 403],
      [guestless, 403],
      ['garbage', 401]
    ] as const) {
      const answer = await publish('demo/c/news', who, 'x')
      t.equal(answer.status, status)
      if (status === 403) t.match(await answer.json(), { required: { entity_type: 'channel', operation: 'publish' } })
    }
    for (const [who, status] of [
      [publisher, 403],
      [nobody, 403],
      [elsewhere, 403],
      [guestless, 403],
      ['garbage', 401]
    ] as const) {
      const headers = { ...bearer(who), accept: 'text/event-stream' }
      t.equal((await fetch(`${url}/m/demo/c/news`, { headers })).status, status)
    }
    for (const [who, status] of [
      [nobody, 403],
      [elsewhere, 403],
      ['garbage', 401]
    ] as const) {
      t.equal((await refusalOf(t, `${url}/m/demo/c/news`, { headers: bearer(who) })).status, status)
    }
    const listening = await connect('demo/c/news', subscriber)
    const speaking = await connect('demo/c/news', publisher)
    speaking.socket.send('said')
    await until(() => listening.messages.length === 1)
    t.same(speaking.messages, [], 'who may only publish hears nothing')
    listening.socket.send('not mine to say')
    t.same(await listening.closed, { code: 1008, reason: 'forbidden' })
  })

  await t.test('a session acts with the role of its owner', async (t) => {
    const session = tokenService.openSession()
    t.equal((await publish('demo/c/news', session, 'x')).status, 202)
    t.equal((await publish('demo/c/news', tokenService.openSession({ roles: { demo: 'guest' } }), 'x')).status, 403)
  })

  await t.test('wildcards in the subtopic, one subject for each place, and nothing across groups', async (t) => {
    const wide = issue(scope('channel', ['publish', 'subscribe'], { group: '*' }))
    const all = await listen(t, 'demo/c/w?subtopic=%23', wide)
    const one = await listen(t, 'demo/c/w/a?subtopic=%2B', wide)
    const here = await listen(t, 'demo/c/w', wide)
    for (const path of ['w', 'w/a', 'w/a/b', 'w/a/b/c', 'W/a/b']) await published(`demo/c/${path}`, wide, path)
    await until(() => all.envelopes.length === 4)
    t.same(
      all.envelopes.map(({ payload }) => payload),
      ['w', 'w/a', 'w/a/b', 'w/a/b/c']
    )
    t.same(
      one.envelopes.map(({ subtopic }) => subtopic),
      ['a/b']
    )
    t.same(
      here.envelopes.map(({ payload }) => payload),
      ['w']
    )
  })

  await t.test('what is retained is replayed, and goes over into what is new without a gap', async (t) => {
    const messages = []
    for (let index = 0; index < 5; index++)
      messages.push(await published(`demo/c/replay/${index}`, token, String(index)))
    const third = messages[2]
    if (third === undefined) throw new Error('nothing was published')
    const starts: [query: string, headers: Record<string, string>, first: string[]][] = [
      ['&from=all', {}, ['0', '1', '2', '3', '4']],
      [`&from=${third.seq}`, {}, ['2', '3', '4']],
      ['', { 'last-event-id': String(third.seq) }, ['3', '4']],
      ['', { 'last-event-id': '999999999' }, []],
      ['&from=2020-01-01T00:00:00Z', {}, ['0', '1', '2', '3', '4']],
      ['', {}, []]
    ]
    const listeners = await Promise.all(
      starts.map(([query, headers]) => listen(t, `demo/c/replay?subtopic=%23${query}`, token, headers))
    )
    for (let index = 5; index < 25; index++) await published(`demo/c/replay/${index}`, token, String(index))
    const later = Array.from({ length: 20 }, (_, index) => String(index + 5))
    for (const [index, { envelopes }] of listeners.entries()) {
      await until(() => envelopes.at(-1)?.payload === '24')
      t.same(
        envelopes.map(({ payload }) => payload),
        [...(starts[index]?.[2] ?? []), ...later],
        String(starts[index])
      )
    }
  })

  await t.test('an Idempotency-Key stores a message once, for its owner and address alone', async (t) => {
    const headers = { 'idempotency-key': 'order-17' }
    const first = await publish('demo/c/orders', token, 'one', headers)
    const again = await publish('demo/c/orders', token, 'another', headers)
    t.same([first.status, again.status], [202, 202])
    t.same(await again.json(), await first.json())
    t.equal(again.headers.get('idempotent-replayed'), 'true')
    const bob = tokenService.issue({ scopes: [both], owner: { ...ALICE, id: '0198c0de-0000-7000-8000-00000000b0b0' } })
    const ids = new Set([
      (await published('demo/c/orders', bob, 'x', headers)).id,
      (await published('demo/c/orders/a', token, 'x', headers)).id
    ])
    t.equal(ids.size, 2)
    t.equal((await publish('demo/c/orders', token, '', { 'idempotency-key': 'a b' })).status, 400)
  })

  await t.test(
    'a message written to the stream by somebody else has no publisher, whatever it says of itself',
    async (t) => {
      const { connect: connectNats, headers: natsHeaders } = await import('@nats-io/transport-node')
      const native = await connectNats({ servers: new URL(natsUrl).host })
      const events = await listen(t, 'demo/c/forged', token)
      const headers = natsHeaders()
      headers.set('Patgate-Publisher', `${ALICE.id}/${TOKEN_ID}`)
      headers.set('Patgate-Mac', 'AAAA')
      headers.set('Patgate-Time', '2020-01-01T00:00:00Z')
      headers.set('Nats-Msg-Id', 'chosen')
      native.publish('m.demo.c.forged', 'forged', { headers })
      await native.flush()
      await until(() => events.envelopes.length === 1)
      t.match(events.envelopes[0], { payload: 'forged', publisher: null, id: events.ids[0] })
      t.not(events.envelopes[0]?.time, '2020-01-01T00:00:00Z')
      await native.close()
    }
  )

  await t.test(
    'what is no address, no pattern or no request for a stream is refused, and nothing is published',
    async (t) => {
      const many = Array.from({ length: 11 }, () => 'x').join('/')
      const paths = [
        'demo/c',
        'demo/c/',
        'demo/c/news/',
        'Demo/c/news',
        'demo/d/news',
        'demo/c/a.b',
        'demo/c/news/a.b',
        'demo/c/news/+',
        'demo/c/+',
        'demo/c/news/*',
        'demo/c/news/a%20b',
        'demo/c/news/%24SYS',
        'demo/c/%3E',
        '$SYS/c/x',
        '_INBOX/c/x',
        `demo/c/news/${many}`,
        `demo/c/${'x'.repeat(65)}`,
        `demo/c/news/${'x'.repeat(129)}`
      ]
      for (const path of paths) {
        t.equal((await publish(path, token, 'x')).status, 400, path)
        t.equal(
          (await fetch(`${url}/m/${path}`, { headers: { ...bearer(token), accept: 'text/event-stream' } })).status,
          400,
          path
        )
        t.equal((await refusalOf(t, `${url}/m/${path}`, { headers: bearer(token) })).status, 400, path)
      }
      const targets = [
        '/m/demo/c/news%2Fa',
        '/m/demo/c/news/%00',
        '/m/demo/c/../c/news',
        '/m/demo//c/news',
        '/m/demo/c/news;a'
      ]
      for (const target of targets) {
        const bytes = `POST ${target} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${token}\r\nContent-Length: 0\r\n\r\n`
        t.match(await rawRequest({ port, bytes }), /^HTTP\/1.1 400 /, target)
      }
      for (const query of [
        'subtopic=a.b',
        'subtopic=',
        'subtopic=%23/a',
        'subtopic=..',
        'from=tomorrow',
        'from=-1',
        'raw=maybe'
      ]) {
        t.equal(
          (await fetch(`${url}/m/demo/c/news?${query}`, { headers: { ...bearer(token), accept: 'text/event-stream' } }))
            .status,
          400,
          query
        )
      }
      t.equal((await fetch(`${url}/m/demo/c/news`, { headers: bearer(token) })).status, 406)
      for (const method of ['PUT', 'DELETE', 'PATCH']) {
        const answer = await fetch(`${url}/m/demo/c/news`, { method, headers: bearer(token) })
        t.same([answer.status, answer.headers.get('allow')], [405, 'GET, POST, OPTIONS'])
      }
      t.equal((await publish('demo/c/news', token, Buffer.alloc(1024 * 1024 + 1))).status, 413)
      t.equal(
        (await publish('demo/c/large', token, Buffer.alloc(1024 * 1024, 1))).status,
        413,
        'a NATS that takes less'
      )
      t.equal((await publish('demo/c/large', token, Buffer.alloc(1020 * 1024, 1))).status, 202)
    }
  )

  await t.test('credentials in the query and the subprotocol open streams alone; two are ambiguous', async (t) => {
    const protocols = ['patgate.v1', `patgate.token.${token}`]
    const { socket } = await connectWebSocket(t, `${url}/m/demo/c/news`, { protocols })
    t.equal(socket.protocol, 'patgate.v1')
    await connectWebSocket(t, `${url}/m/demo/c/news?authorization=${token}`)
    await connectWebSocket(t, `${url}/m/demo/c/news`, {
      headers: { 'xc-token': token },
      origin: 'https://elsewhere.example.org'
    })
    t.equal((await fetch(`${url}/m/demo/c/news?authorization=${token}`, { method: 'POST' })).status, 401)
    const ambiguous = await refusalOf(t, `${url}/m/demo/c/news?authorization=${token}`, {
      headers: bearer(issue(both))
    })
    t.equal(ambiguous.status, 400)
    t.match(JSON.parse(ambiguous.body), { code: 'ambiguous_credentials' })
    t.equal(
      (
        await refusalOf(t, `${url}/m/demo/c/news`, {
          headers: { cookie: `patgate_session=${tokenService.openSession()}` }
        })
      ).status,
      401,
      'no cookie counts here'
    )
    t.notMatch(gateway.logs(), /pat_[0-9A-Za-z]{38}/)
  })

  await t.test('a member of the group may ask whether all is well', async (t) => {
    const health = (path: string, headers: Record<string, string>) => fetch(`${url}/hc/${path}`, { headers })
    const answer = await health('demo', bearer(issue()))
    t.same([answer.status, ((await answer.json()) as { group: string }).group], [200, 'demo'])
    t.equal((await health('demo', {})).status, 401)
    t.equal((await health('demo', bearer('garbage'))).status, 401)
    t.equal((await health('other', bearer(issue()))).status, 403)
    t.equal((await health('NOT', bearer(issue()))).status, 400)
  })

  await t.test('a token has its own limit, messages on a socket count', async (t) => {
    const limited = tokenService.issue({
      token_id: '0198c0de-0000-7000-8000-0000000000aa',
      scopes: [both],
      rate_limit: { requests: 3, per_seconds: 600 }
    })
    const { socket, closed } = await connect('demo/c/limited', limited)
    for (const text of ['1', '2', '3']) socket.send(text)
    t.same(await closed, { code: 1008, reason: 'rate_limited' })
    t.equal((await publish('demo/c/limited', limited, 'x')).status, 429)
  })

  await t.test('the right is lost: WebSocket 1008, SSE tells and ends, on all at once', async (t) => {
    const [revoked, narrowed] = [issue(both), issue(both)]
    const expiring = tokenService.issue({ scopes: [both], expires_at: new Date(Date.now() + 1_500).toISOString() })
    const clients = await Promise.all(
      [revoked, narrowed, expiring].map(async (secret) => ({
        events: await listen(t, 'demo/c/live', secret),
        socket: await connect('demo/c/live', secret)
      }))
    )
    tokenService.refuse(revoked, 'revoked')
    tokenService.alter(narrowed, { scopes: [publishOnly] })
    for (const [index, reason] of ['revoked', 'narrowed', 'expired'].entries()) {
      const client = clients[index]
      t.same(await client?.socket.closed, { code: 1008, reason })
      await until(() => client?.events.revoked.length === 1)
      t.same(client?.events.revoked, [JSON.stringify({ reason })])
    }
  })

  await t.test('without a lease nothing is delivered or accepted, and nothing is lost', async (t) => {
    const events = await listen(t, 'demo/c/held', token)
    const socket = await connect('demo/c/held', token)
    tokenService.behave(503)
    deps.holder.lease.drop()
    socket.socket.send('held')
    await until(() => tokenService.failures >= 4)
    t.same([events.envelopes, socket.messages], [[], []])
    tokenService.behave('ok')
    await until(() => events.envelopes.length === 1 && socket.messages.length === 1)
    t.match(events.envelopes, [{ payload: 'held' }])
  })

  await t.test('who does not read is dropped, and nobody else waits', async (t) => {
    const slow = await connect('demo/c/flood', token)
    const quick = await connect('demo/c/flood', token)
    slow.socket.pause()
    const body = 'x'.repeat(512 * 1024)
    let sent = 0
    const cuts = async () =>
      (await deps.metrics.process.registry.metrics()).match(
        /patgate_open_streams\{kind="channel_websocket"\} (\d+)/
      )?.[1]
    const before = Number(await cuts())
    await until(async () => {
      await published('demo/c/flood', token, body)
      sent++
      return Number(await cuts()) === before - 1
    })
    t.ok(sent < 64, `after ${sent} messages of half a mebibyte`)
    await until(() => quick.messages.length === sent)
    slow.socket.resume()
    t.match(await slow.closed, { code: /^(1013|1006)$/ })
  })

  await t.test('while NATS is away there is a 503; streams go on when it is back, without a gap', async (t) => {
    const events = await listen(t, 'demo/c/outage', token)
    await published('demo/c/outage', token, 'before')
    await gateway.nats.stop()
    await until(async () => (await publish('demo/c/outage', token, 'lost')).status === 503)
    t.equal((await refusalOf(t, `${url}/m/demo/c/other`, { headers: bearer(token) })).status, 503)
    await gateway.nats.start()
    await until(async () => (await publish('demo/c/outage', token, 'after')).status === 202, { timeoutMs: 20_000 })
    await until(() => events.envelopes.some(({ payload }) => payload === 'after'), { timeoutMs: 60_000 })
    t.equal(events.envelopes[0]?.payload, 'before')
  })

  await t.test('the audit log has who came, for what, what they published, and why they left', async (t) => {
    const lines = (events: readonly AuditEvent[]) =>
      events.map(({ type, outcome, reason, target }) => `${type} ${outcome} ${reason} ${target?.id}`)
    const expected = [
      'channel.connected success null news',
      'channel.subscribed success null news',
      'channel.published success null news',
      'channel.denied denied insufficient_scope news',
      'channel.disconnected success revoked live',
      'channel.disconnected success narrowed live',
      'channel.disconnected success expired live',
      'channel.disconnected success slow flood',
      'channel.disconnected success client replay'
    ]
    const hasAll = (events: readonly AuditEvent[]) => expected.every((line) => lines(events).includes(line))
    const events = await readEvents(natsUrl, hasAll)
    t.ok(hasAll(events))
    const aggregated = events.filter(
      ({ type, details }) => type === 'channel.published' && details.protocol === 'websocket'
    )
    t.ok(aggregated.length > 0)
    t.notMatch(JSON.stringify(events), /pat_[0-9A-Za-z]{38}/)
  })

  await t.test('the gateway ends: WebSocket 1012, and events end so that they are asked for elsewhere', async (t) => {
    const socket = await connect('demo/c/end', token)
    const events = await listen(t, 'demo/c/end', token)
    await gateway.close()
    t.same(await socket.closed, { code: 1012, reason: 'shutdown' })
    await until(events.isOver)
    t.same(events.revoked, [])
  })
})
