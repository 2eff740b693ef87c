import type { ServerResponse } from 'node:http'
import { connect, type Socket } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import { type Teardown, until } from '@patgate/test-kit'
import { type Test, test } from 'tap'
import { startGateway } from '../support/gateway.ts'

const CONNECTIONS = 4
const SLOW_CLIENTS = 40
const HOST = 'Host: a.example.org\r\n'
const ROUTES = `
  - { path: /patient/*, upstream: demo, public: true, timeout: 1m }
  - { path: /public/*, upstream: demo, public: true, timeout: 1s }
`
const CHUNK = Buffer.alloc(64 * 1024)

/** A connection of a client that does what it likes, and what it has heard. */
interface Client {
  readonly socket: Socket
  heard(): string
}

function openClient(t: Teardown, port: number, bytes: string): Client {
  const socket = connect({ port, host: '127.0.0.1' })
  let heard = ''
  socket.setEncoding('latin1')
  socket.on('data', (text: string) => {
    heard += text
  })
  socket.on('error', () => undefined)
  socket.write(bytes)
  t.teardown(() => socket.destroy())
  return { socket, heard: () => heard }
}

const openClients = (t: Teardown, port: number, bytes: string): Client[] =>
  Array.from({ length: SLOW_CLIENTS }, () => openClient(t, port, bytes))

test('slow clients keep nobody else from an upstream', async (t) => {
  const { port, url, upstream, deps } = await startGateway(t, {
    routes: ROUTES,
    connections: CONNECTIONS,
    answer: (request, response) => {
      if (request.url?.endsWith('/endless')) endless(response)
      else if (request.url?.endsWith('/deaf')) request.pause()
      else request.resume().on('end', () => response.end('ok'))
    }
  })
  const demo = deps.patgateFile.current.upstreams.get('demo')
  const isIdle = (): boolean => demo !== undefined && deps.upstreams.of(demo).pool.stats.size === 0
  const serveOthers = async (t: Test): Promise<void> => {
    const answers = Array.from({ length: 50 }, async (_, index) => (await fetch(`${url}/patient/${index}`)).status)
    t.same(new Set(await Promise.all(answers)), new Set([200]))
  }

  // What takes ten seconds begins now, and is asked for at the end.
  const startMs = performance.now()
  const halves = openClients(t, port, `GET /public/x HTTP/1.1\r\n${HOST}`)
  const silent = openClients(t, port, '')
  const trickling = openClients(t, port, 'GET /')
  const unwanted = openClient(t, port, `POST /nowhere HTTP/1.1\r\n${HOST}Content-Length: 100000\r\n\r\n`)
  const timer = setInterval(() => {
    for (const { socket } of [...trickling, unwanted]) socket.write('x')
  }, 500)
  t.teardown(() => clearInterval(timer))

  await t.test('half a body, and then nothing', async (t) => {
    const head = `POST /patient/upload HTTP/1.1\r\n${HOST}Content-Length: 100000\r\n\r\n`
    const clients = openClients(t, port, `${head}x`)
    await until(() => upstream.requests.filter(({ method }) => method === 'POST').length === CONNECTIONS / 2)
    await serveOthers(t)
    t.equal(upstream.requests.filter(({ method }) => method === 'POST').length, CONNECTIONS / 2, 'the others wait')
    for (const { socket } of clients) socket.destroy()
    await until(() => isIdle(), { message: 'no connection is kept for clients that left' })
    t.equal(await postWhole(url), 200, 'there is room for the next upload')
  })

  await t.test('a body that does not come in time is refused, and the connection closed', async (t) => {
    const head = `POST /public/upload HTTP/1.1\r\n${HOST}Content-Length: 100000\r\n\r\n`
    const clients = openClients(t, port, `${head}x`)
    await Promise.all(clients.map(({ socket }) => closed(socket)))
    const statuses = clients.map(({ heard }) => /^HTTP\/1\.1 (\d+) /.exec(heard())?.[1])
    t.same(new Set(statuses), new Set(['400', '503']), 'too slow, or never at the upstream')
    t.ok(clients.every(({ heard }) => /connection: close/i.test(heard()) || heard().includes('503')))
  })

  await t.test('a trickle is no better', async (t) => {
    const client = openClient(t, port, `POST /public/upload HTTP/1.1\r\n${HOST}Content-Length: 100000\r\n\r\n`)
    const timer = setInterval(() => client.socket.write('x'), 50)
    t.teardown(() => clearInterval(timer))
    await closed(client.socket)
    t.match(client.heard(), /^HTTP\/1\.1 400 /)
    t.match(client.heard(), /did not come in time/)
  })

  await t.test('a large body at a steady pace may take longer than that', async (t) => {
    const pieces = 12
    const head = `POST /public/upload HTTP/1.1\r\n${HOST}Content-Length: ${pieces * 1_000}\r\n\r\n`
    const client = openClient(t, port, head)
    for (let piece = 0; piece < pieces; piece++) {
      await pause(200)
      client.socket.write('x'.repeat(1_000))
    }
    await until(() => client.heard() !== '')
    t.match(client.heard(), /^HTTP\/1\.1 200 /)
  })

  await t.test('an upstream that does not read is not the fault of the client: 504', async (t) => {
    const client = openClient(t, port, `POST /public/deaf HTTP/1.1\r\n${HOST}Content-Length: 1000000000\r\n\r\n`)
    let written = 0
    const write = (): void => {
      while (!client.socket.destroyed && client.heard() === '') {
        written += CHUNK.length
        if (!client.socket.write(CHUNK)) break
      }
    }
    client.socket.on('drain', write)
    write()
    await until(() => client.heard() !== '')
    t.match(client.heard(), /^HTTP\/1\.1 504 /)
    t.ok(written < 64 * 1024 * 1024, `${written} bytes were taken from the client`)
  })

  await t.test('an answer that nobody reads', async (t) => {
    const clients = openClients(t, port, `GET /patient/endless HTTP/1.1\r\n${HOST}\r\n`)
    for (const { socket } of clients) socket.pause()
    await until(() => upstream.requests.filter(({ url }) => url === '/patient/endless').length >= CONNECTIONS)
    await serveOthers(t)
  })

  await t.test('and where nobody else waits, as long as the route says', async (t) => {
    const reader = openClient(t, port, `GET /public/endless HTTP/1.1\r\n${HOST}\r\n`)
    reader.socket.pause()
    await until(() => upstream.requests.some(({ url }) => url === '/public/endless'))
    await until(() => isIdle(), { message: 'the answer is broken off' })
  })

  await t.test('headers that do not come cost a connection of their own for ten seconds', async (t) => {
    await Promise.all([...halves, ...silent].map(({ socket }) => closed(socket)))
    t.ok(performance.now() - startMs >= 9_000, 'a client has ten seconds for its headers')
    for (const { heard } of halves) t.match(heard(), /^HTTP\/1\.1 400 /)
    await Promise.all(trickling.map(({ socket }) => closed(socket)))
  })

  await t.test('a body that goes on after its answer ends with its connection', async (t) => {
    t.match(unwanted.heard(), /^HTTP\/1\.1 404 /)
    await closed(unwanted.socket)
  })
})

function endless(response: ServerResponse): void {
  response.on('error', () => undefined)
  const write = (): void => {
    while (!response.destroyed && response.write(CHUNK));
  }
  response.on('drain', write)
  write()
}

function closed(socket: Socket): Promise<boolean> {
  return until(() => socket.closed, { timeoutMs: 20_000, message: 'the connection is closed' })
}

async function postWhole(url: string): Promise<number> {
  const answer = await fetch(`${url}/patient/upload`, { method: 'POST', body: Buffer.alloc(200_000) })
  await answer.body?.cancel()
  return answer.status
}
