import { request as httpRequest, type IncomingMessage, type RequestListener } from 'node:http'
import { until } from '@patgate/test-kit'
import { test } from 'tap'
import { startGateway } from '../support/gateway.ts'
import { readEvents } from '../support/read-events.ts'
import { scope } from '../support/token-service.ts'

const ROUTES = `
  - path: /long/*
    upstream: demo
    group: demo
    entity_type: dashboard
    operations: { GET: read, POST: create }
    timeout: 20s
`

test('an exchange that goes on is ended when the right to it is lost', async (t) => {
  let received = 0
  const writers = new Set<() => void>()
  const answer: RequestListener = (request, response) => {
    request.on('data', (chunk: Buffer) => {
      received += chunk.length
    })
    if (request.url === '/long/silent' || request.method === 'POST') return
    response.writeHead(200, { 'content-type': request.url === '/long/events' ? 'text/event-stream' : 'text/plain' })
    const write = (): void => void response.write('data: tick\n\n')
    writers.add(write)
    response.on('close', () => writers.delete(write))
    write()
  }
  const { port, tokenService, deps, natsUrl, close } = await startGateway(t, { routes: ROUTES, answer })
  const tick = (): void => {
    for (const write of writers) write()
  }
  const begin = (path: string, token: string, method = 'GET') => {
    const request = httpRequest({ port, path, method, headers: { authorization: `Bearer ${token}` } })
    const { promise, resolve } = Promise.withResolvers<{
      response: IncomingMessage
      heard: () => string
      isOver: () => boolean
    }>()
    request.on('error', () => undefined)
    request.on('response', (response) => {
      let text = ''
      let isOver = false
      response.setEncoding('utf8').on('data', (part: string) => {
        text += part
      })
      response.on('error', () => undefined)
      response.on('close', () => {
        isOver = true
      })
      resolve({ response, heard: () => text, isOver: () => isOver })
    })
    t.teardown(() => request.destroy())
    return { request, answered: promise }
  }
  const areOpen = (count: number) => async () =>
    (await deps.metrics.process.registry.metrics()).includes(`patgate_open_streams{kind="exchange"} ${count}`)

  await t.test('a stream of events and a download are broken off; those of others go on', async (t) => {
    const [revoked, narrowed, other] = [tokenService.issue(), tokenService.issue(), tokenService.issue()]
    const exchanges = [begin('/long/events', revoked), begin('/long/download', narrowed), begin('/long/events', other)]
    for (const { request } of exchanges) request.end()
    const [events, download, kept] = await Promise.all(exchanges.map(({ answered }) => answered))
    await until(areOpen(3))
    tokenService.refuse(revoked, 'revoked')
    tokenService.alter(narrowed, { scopes: [scope('dashboard', ['create'])] })
    await until(() => events?.isOver() && download?.isOver())
    t.notOk(events?.response.complete || download?.response.complete, 'what was broken off does not look complete')
    const before = kept?.heard().length ?? 0
    tick()
    await until(() => (kept?.heard().length ?? 0) > before)
    t.equal(writers.size, 1, 'the upstream hears of it')
    kept?.response.destroy()
  })

  await t.test('an upload, and a request that waits for its answer, are answered 401', async (t) => {
    const token = tokenService.issue()
    const upload = begin('/long/upload', token, 'POST')
    const waiting = begin('/long/silent', token)
    waiting.request.end()
    upload.request.write('x'.repeat(1_000))
    await until(() => received === 1_000)
    await until(areOpen(2))
    tokenService.refuse(token, 'revoked')
    const answers = await Promise.all([upload.answered, waiting.answered])
    t.same(
      answers.map(({ response }) => [response.statusCode, response.headers.connection]),
      [
        [401, 'close'],
        [401, 'close']
      ]
    )
    upload.request.write('more')
    await until(() => answers.every(({ isOver }) => isOver()))
    t.equal(received, 1_000, 'nothing more came to the upstream')
  })

  await t.test('one that expires is ended at its second', async (t) => {
    const endsAtMs = Date.now() + 1_200
    const { request, answered } = begin(
      '/long/events',
      tokenService.issue({ expires_at: new Date(endsAtMs).toISOString() })
    )
    request.end()
    const { isOver } = await answered
    await until(isOver)
    t.ok(Date.now() >= endsAtMs, 'not before')
  })

  await t.test('without a lease nothing passes in either direction; with the next one it goes on', async (t) => {
    const token = tokenService.issue()
    const [download, upload] = [begin('/long/events', token), begin('/long/upload', token, 'POST')]
    download.request.end()
    const { heard } = await download.answered
    upload.request.write('y')
    await until(areOpen(2))
    const before = { heard: heard().length, received }
    tokenService.behave(503)
    deps.holder.lease.drop()
    tick()
    upload.request.write('held')
    await until(() => tokenService.failures >= 2)
    t.same({ heard: heard().length, received }, before)
    tokenService.behave('ok')
    await until(() => heard().length > before.heard && received === before.received + 4)
    upload.request.destroy()
    download.request.destroy()
  })

  await t.test('the audit log says what became of each', async (t) => {
    const wanted = [
      ['access.allowed', '/long/upload', 401, 'revoked'],
      ['access.completed', '/long/events', null, 'revoked'],
      ['access.completed', '/long/download', null, 'narrowed'],
      ['access.completed', '/long/events', null, 'expired']
    ].map(String)
    await readEvents(natsUrl, (events) => {
      const told = events.map(({ type, request, reason }) => String([type, request?.path, request?.status, reason]))
      return wanted.every((line) => told.includes(line))
    })
    t.pass()
  })

  await t.test('a stream of events ends with the gateway, which would wait for it for ever', async (t) => {
    const { request, answered } = begin('/long/events', tokenService.issue())
    request.end()
    const { isOver } = await answered
    await until(areOpen(1))
    await close()
    await until(isOver)
    t.pass()
  })
})
