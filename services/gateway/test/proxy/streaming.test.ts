import { createHash, randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { request as httpRequest, type IncomingMessage } from 'node:http'
import { connect } from 'node:net'
import { until } from '@patgate/test-kit'
import { test } from 'tap'
import { startGateway } from '../support/gateway.ts'

const CHUNK = randomBytes(64 * 1024)
const CHUNKS = 512
const ROUTES = `
  - { path: /public/*, upstream: demo, public: true }
  - { path: /small, upstream: demo, public: true, max_body: 1KiB }
`

const digestOf = async (stream: AsyncIterable<Buffer>): Promise<string> => {
  const hash = createHash('sha256')
  for await (const chunk of stream) hash.update(chunk)
  return hash.digest('hex')
}

test('large bodies pass unchanged in both directions at the same time', async (t) => {
  const { port } = await startGateway(t, { routes: ROUTES, answer: (request, response) => request.pipe(response) })
  const upload = httpRequest({ port, path: '/public/echo', method: 'POST', headers: { 'content-type': 'no type' } })
  const answered = once(upload, 'response')
  const sent = createHash('sha256')
  const received = answered.then(([response]) => digestOf(response as IncomingMessage))
  for (let index = 0; index < CHUNKS; index++) {
    sent.update(CHUNK)
    if (!upload.write(CHUNK)) await once(upload, 'drain')
  }
  upload.end()
  t.equal(await received, sent.digest('hex'))
})

test('a slow reader holds the upstream back, and memory does not grow', async (t) => {
  let written = 0
  let isHeldBack = false
  const { port, url } = await startGateway(t, {
    routes: ROUTES,
    answer: (_request, response) => {
      response.on('error', () => undefined)
      const write = (): void => {
        while (!response.destroyed) {
          written += CHUNK.length
          if (!response.write(CHUNK)) break
        }
        isHeldBack = true
        response.once('drain', () => {
          isHeldBack = false
          write()
        })
      }
      write()
    }
  })
  const socket = connect({ port, host: '127.0.0.1' })
  t.teardown(() => socket.destroy())
  socket.pause()
  socket.write(`GET /public/endless HTTP/1.1\r\nHost: ${new URL(url).host}\r\n\r\n`)
  let last = -1
  await until(
    () => {
      const isSettled = isHeldBack && written === last
      last = written
      return isSettled
    },
    { message: 'the upstream is held back' }
  )
  t.ok(written < 64 * 1024 * 1024, `${written} bytes were taken from the upstream`)
})

test('an upstream that answers before it has read the body loses its connection, not the answer', async (t) => {
  const { url, upstream } = await startGateway(t, {
    routes: ROUTES,
    answer: (request, response) => {
      if (request.method === 'POST') response.writeHead(409, { 'content-length': 4 }).end('full')
      else response.end(request.url)
    }
  })
  const body = new ReadableStream({
    pull: (controller) => controller.enqueue(new Uint8Array(CHUNK)),
    type: 'bytes'
  })
  const answer = await fetch(`${url}/public/early`, { method: 'POST', body, duplex: 'half' } as RequestInit)
  t.equal(answer.status, 409)
  t.equal(await answer.text(), 'full')
  const before = upstream.connectionCount
  for (let index = 0; index < 20; index++) {
    t.equal(await (await fetch(`${url}/public/${index}`)).text(), `/public/${index}`)
  }
  t.ok(upstream.connectionCount > before, 'another connection was opened')
})

test('a body beyond the limit of its route is 413', async (t) => {
  const { url, upstream } = await startGateway(t, { routes: ROUTES })
  const post = (body: string | ReadableStream): Promise<Response> =>
    fetch(`${url}/small`, { method: 'POST', body, duplex: 'half' } as RequestInit)

  await t.test('by its announced length, before the upstream', async (t) => {
    const answer = await post('x'.repeat(2_000))
    t.equal(answer.status, 413)
    t.match(await answer.json(), { code: 'too_large' })
    t.equal(upstream.connectionCount, 0)
  })

  await t.test('by what arrives', async (t) => {
    t.equal((await post(new Blob(['x'.repeat(2_000)]).stream())).status, 413)
  })

  await t.test('at the limit it passes', async (t) => {
    t.equal((await post('x'.repeat(1_024))).status, 200)
  })
})

test('a client that leaves takes its request to the upstream with it', async (t) => {
  let hasClosed = false
  const { url, upstream } = await startGateway(t, {
    routes: ROUTES,
    answer: (_request, response) => response.on('close', () => (hasClosed = true))
  })
  const abort = new AbortController()
  const call = fetch(`${url}/public/slow`, { signal: abort.signal })
  await until(() => upstream.requests.length === 1)
  abort.abort()
  await t.rejects(call)
  await until(() => hasClosed, { message: 'the upstream sees the connection end' })
})

test('what breaks at the upstream is told as a problem', async (t) => {
  const { url, upstream, tokenService } = await startGateway(t, {
    routes: ROUTES.replace('public: true }', 'public: true, timeout: 1s }'),
    answer: (request, response) => {
      if (request.url === '/public/reset') request.socket.destroy()
      else if (request.url === '/public/garbage') request.socket.end('no http at all\r\n\r\n')
      else if (request.url === '/public/half') {
        response.writeHead(200, { 'content-length': 100 })
        response.write('half')
        setImmediate(() => request.socket.destroy())
      }
    }
  })

  await t.test('502 when it resets or talks nonsense', async (t) => {
    for (const path of ['/public/reset', '/public/garbage']) {
      const answer = await fetch(url + path, { method: 'POST' })
      t.equal(answer.status, 502, path)
      t.equal(answer.headers.get('content-type'), 'application/problem+json')
      t.match(await answer.json(), { code: 'upstream_failed' })
    }
  })

  await t.test('504 when it is silent', async (t) => {
    const answer = await fetch(`${url}/public/silent`)
    t.equal(answer.status, 504)
    t.match(await answer.json(), { code: 'upstream_timeout' })
  })

  await t.test('half an answer does not look like a whole one', async (t) => {
    const answer = await fetch(`${url}/public/half`)
    t.equal(answer.status, 200)
    await t.rejects(answer.text())
  })

  await t.test('502 when nobody listens', async (t) => {
    upstream.server.close()
    upstream.server.closeAllConnections()
    t.equal((await fetch(`${url}/public/x`)).status, 502)
    t.equal(tokenService.questions.length, 0)
  })
})
