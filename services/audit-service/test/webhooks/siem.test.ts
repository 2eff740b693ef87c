import { once } from 'node:events'
import { createServer as createHttps } from 'node:https'
import { createServer, type Server, type Socket } from 'node:net'
import { createServer as createTls, getCACertificates, setDefaultCACertificates } from 'node:tls'
import type { AuditEvent, DeadLetterPage, WebhookBody } from '@patgate/contracts'
import { until } from '@patgate/test-kit'
import t, { type Test } from 'tap'
import { frameSyslogMessage } from '../../src/webhooks/delivery/syslog-message.ts'
import { anEvent } from '../fixtures/event.ts'
import { ids } from '../fixtures/people.ts'
import { runService } from '../fixtures/running-service.ts'
import { CERTIFICATE, CERTIFICATE_KEY } from '../fixtures/tls-certificate.ts'

t.setTimeout(120_000)
const TLS = { cert: CERTIFICATE, key: CERTIFICATE_KEY }

t.test('events on their way to a SIEM', async (t) => {
  const service = await runService(t)
  const admin = service.tokenService.signIn({ id: ids.admin, admin: true })
  const create = async (body: object) =>
    (await service.call<WebhookBody>('POST /v1/webhooks', admin, { name: 'a SIEM', ...body })).body
  const read = async (id: string) => (await service.get<WebhookBody>(`/v1/webhooks/${id}`, admin)).body
  let seq = 0
  const store = async (count: number, overrides: Partial<AuditEvent> = {}) => {
    const events = Array.from({ length: count }, () => anEvent(++seq, overrides))
    await service.store(events)
    return events
  }

  await t.test('a certificate that nobody trusts is refused, and nothing is sent', async (t) => {
    const collector = await httpsCollector(t, () => 200)
    const { id } = await create({ kind: 'ndjson', url: collector.url, filter: { types: ['bot.deleted'] } })
    await store(1, { type: 'bot.deleted' })
    await until(async () => (await read(id)).last_failure !== null)
    t.match((await read(id)).last_failure, /CERT|certificate/i)
    t.same(collector.bodies, [])
    await service.call(`DELETE /v1/webhooks/${id}`, admin)
  })
  setDefaultCACertificates([...getCACertificates('default'), CERTIFICATE])

  await t.test('lines over HTTPS come together, in order, with the headers that were configured', async (t) => {
    const collector = await httpsCollector(t, () => 200)
    const { id } = await create({
      kind: 'ndjson',
      url: collector.url,
      headers: { Authorization: 'Splunk abc-123' },
      filter: { types: ['user.updated'] }
    })
    const events = await store(1_200, { type: 'user.updated' })
    await until(() => collector.events().length === 1_200, { timeoutMs: 20_000 })
    t.same(collector.events(), events)
    t.ok(collector.bodies.length < 20, `${collector.bodies.length} requests`)
    t.match(collector.headers[0], { authorization: 'Splunk abc-123', 'content-type': 'application/x-ndjson' })
    await until(async () => (await read(id)).behind === 0)
  })

  await t.test('a collector that is away is waited for; what it refuses is given up alone', async (t) => {
    let isAway = true
    const collector = await httpsCollector(t, (events) => {
      if (isAway) return 503
      return events.some(({ reason }) => reason === 'too strange') ? 400 : 200
    })
    const { id } = await create({ kind: 'ndjson', url: collector.url, filter: { types: ['user.disabled'] } })
    const before = await store(30, { type: 'user.disabled' })
    const [strange] = await store(1, { type: 'user.disabled', reason: 'too strange' })
    const behind = await store(30, { type: 'user.disabled' })
    await until(async () => (await read(id)).last_failure === 'answered 503')
    t.equal((await read(id)).dead_letters, 0)
    isAway = false
    await until(() => collector.events().length === 60, { timeoutMs: 20_000 })
    t.same(collector.events(), [...before, ...behind], 'in order')
    await until(async () => (await read(id)).dead_letters === 1)
    const { body } = await service.get<DeadLetterPage>(`/v1/webhooks/${id}/dead-letters`, admin)
    t.match(body.items, [{ event_id: strange?.id, attempts: 1, failure: 'answered 400' }])
  })

  for (const scheme of ['syslog+tcp', 'syslog+tls'] as const) {
    await t.test(`${scheme}: messages of RFC 5424 in counted frames, each once while nothing breaks`, async (t) => {
      const collector = await syslogCollector(t, scheme)
      const { id } = await create({ kind: 'syslog', url: collector.url, filter: { types: ['member.added'] } })
      const events = await store(700, { type: 'member.added', reason: 'Größe ü\n"]' })
      await until(() => collector.messages().length === 700, { timeoutMs: 20_000 })
      t.same(
        collector.messages().map(({ message }) => JSON.parse(message)),
        events
      )
      t.match(collector.messages()[0], { priority: 110, app: 'patgate', id: 'member.added' })
      await until(async () => (await read(id)).behind === 0)
      collector.breakOff(true)
      await store(3, { type: 'member.added' })
      await until(async () => (await read(id)).last_failure !== null)
      t.ok((await read(id)).behind > 0, 'what may not have arrived counts as not arrived')
      collector.breakOff(false)
      await until(() => collector.messages().length >= 703, { timeoutMs: 20_000 })
      await service.call(`DELETE /v1/webhooks/${id}`, admin)
    })
  }
})

t.test('a message of RFC 5424 says how bad it is, and keeps to its limits', async (t) => {
  const text = (overrides: Partial<AuditEvent>, hostname = 'gw-1') =>
    frameSyslogMessage(anEvent(1, overrides), hostname).toString()
  t.match(
    text({}),
    /^[0-9]+ <110>1 2026-03-01T12:00:01.000Z gw-1 patgate - access.allowed \[origin software="patgate"\] \{/
  )
  t.match(text({ outcome: 'denied' }), '<108>1')
  t.match(text({ outcome: 'failure' }), '<107>1')
  t.match(text({ time: '2026-03-01t12:00:01.123456789z' }), '2026-03-01T12:00:01.123456Z')
  t.match(text({}, 'ein gërät'), ' eingrt patgate')
  t.match(text({}, ''), ' - patgate')
  t.equal(text({}, 'x'.repeat(300)).match(/x+/)?.[0].length, 255)
})

async function httpsCollector(t: Test, answer: (events: AuditEvent[]) => number) {
  const bodies: string[] = []
  const headers: object[] = []
  const linesOf = (body: string): AuditEvent[] =>
    body
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line))
  const server = createHttps(TLS, async (request, response) => {
    let body = ''
    for await (const part of request.setEncoding('utf8')) body += part
    const status = answer(linesOf(body))
    if (status === 200) bodies.push(body)
    headers.push(request.headers)
    response.writeHead(status).end()
  })
  const port = await listen(t, server)
  return { url: `https://localhost:${port}/collect`, bodies, headers, events: () => bodies.flatMap(linesOf) }
}

interface SyslogMessage {
  readonly priority: number
  readonly app: string
  readonly id: string
  readonly message: string
}

const RFC_5424 = /^<([0-9]{1,3})>1 (\S+) (\S{1,255}) (\S{1,48}) (\S{1,128}) (\S{1,32}) (?:-|\[[^\]]+\]) ([\s\S]*)$/

/** Reads frames as RFC 6587, section 3.4.1, describes them. */
async function syslogCollector(t: Test, scheme: 'syslog+tcp' | 'syslog+tls') {
  const connections: Buffer[][] = []
  let isBroken = false
  const take = (socket: Socket): void => {
    if (isBroken) return void socket.destroy()
    const chunks: Buffer[] = []
    connections.push(chunks)
    socket.on('error', () => undefined)
    socket.on('data', (bytes: Buffer) => chunks.push(bytes))
  }
  const port = await listen(t, scheme === 'syslog+tcp' ? createServer(take) : createTls(TLS, take))
  return {
    url: `${scheme}://localhost:${port}`,
    breakOff(broken: boolean) {
      isBroken = broken
    },
    messages: () => connections.flatMap((chunks) => framesOf(Buffer.concat(chunks)))
  }
}

function framesOf(bytes: Buffer): SyslogMessage[] {
  const messages: SyslogMessage[] = []
  for (let at = 0; at < bytes.length; ) {
    const space = bytes.indexOf(' ', at)
    const length = Number(bytes.subarray(at, space).toString())
    const text = bytes.subarray(space + 1, space + 1 + length).toString()
    const [, priority, , , app = '', , id = '', message = ''] = RFC_5424.exec(text) ?? []
    messages.push({ priority: Number(priority), app, id, message })
    at = space + 1 + length
  }
  return messages
}

async function listen(t: Test, server: Server): Promise<number> {
  const sockets = new Set<Socket>()
  server.on('connection', (socket) => {
    sockets.add(socket)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(() => {
    server.close()
    for (const socket of sockets) socket.destroy()
  })
  return (server.address() as { port: number }).port
}
