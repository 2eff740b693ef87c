import { once } from 'node:events'
import { readdirSync } from 'node:fs'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { type Teardown, until } from '@patgate/test-kit'
import { test } from 'tap'
import { Agent, fetch, type RequestInit } from 'undici'
import { startGateway } from '../support/gateway.ts'

const ROUTES = '  - { path: /public/*, upstream: demo, public: true, timeout: 1s }'
const CONNECTIONS = 50
const OK = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok'
const BEGINNING = 'HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf'

/** What an upstream may do instead of answering. */
const FAILURES: Readonly<Record<string, (socket: Socket) => unknown>> = {
  reset: (socket) => socket.resetAndDestroy(),
  close: (socket) => socket.end(),
  garbage: (socket) => socket.end('no http at all\r\n\r\n'),
  'reset-in-the-body': (socket) => socket.write(BEGINNING, () => setImmediate(() => socket.resetAndDestroy())),
  'less-than-announced': (socket) => socket.end(BEGINNING),
  'more-than-announced': (socket) => socket.write(`${OK}HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nforged`),
  silent: () => undefined,
  'slow-headers': (socket) => {
    socket.write('HTTP/1.1 200 OK\r\nX-Slow: ')
    const timer = setInterval(() => socket.write('.'), 100)
    socket.once('close', () => clearInterval(timer))
  }
}

interface BreakingUpstream {
  readonly url: string
  /** The request lines that arrived. */
  readonly seen: readonly string[]
  /** Nobody listens until it is started again, on the same port. */
  stop(): Promise<void>
  start(): Promise<void>
}

/**
 * Fails as the last segment of the path says; with `once-` before it only the first request for that address. `together` is
 * answered when every connection that a gateway may open here waits for it.
 */
async function breakingUpstream(t: Teardown): Promise<BreakingUpstream> {
  const seen: string[] = []
  const sockets = new Set<Socket>()
  let waiting: Socket[] = []

  function answerTogether(socket: Socket): void {
    waiting.push(socket)
    if (waiting.length < CONNECTIONS) return
    for (const one of waiting) one.write(OK)
    waiting = []
  }

  function answer(socket: Socket, line: string): void {
    const how = /([^/?]*)(\?\S*)? HTTP/.exec(line)?.[1] ?? ''
    const isOver = how.startsWith('once-') && seen.includes(line)
    seen.push(line)
    const fail = FAILURES[how.replace('once-', '')]
    if (how === 'together') answerTogether(socket)
    else if (isOver || fail === undefined) socket.write(line.startsWith('HEAD') ? OK.slice(0, -2) : OK)
    else fail(socket)
  }

  const server = createServer((socket) => {
    sockets.add(socket)
    socket.on('error', () => undefined).once('close', () => sockets.delete(socket))
    socket.on('data', (bytes) => {
      const [line = ''] = bytes.toString('latin1').split('\r\n')
      // What is not the beginning of a request is a body.
      if (line.endsWith(' HTTP/1.1')) answer(socket, line)
    })
  })
  const listen = async (port: number): Promise<number> => {
    server.listen(port, '127.0.0.1')
    await once(server, 'listening')
    return (server.address() as AddressInfo).port
  }
  const port = await listen(0)
  const stop = async (): Promise<void> => {
    if (!server.listening) return
    server.close()
    for (const socket of sockets) socket.destroy()
    await once(server, 'close')
  }
  t.teardown(stop)
  return { url: `http://127.0.0.1:${port}`, seen, stop, start: async () => void (await listen(port)) }
}

const openFiles = (): number => readdirSync('/dev/fd').length

test('an upstream that fails is told of, and costs nothing that is not given back', async (t) => {
  const upstream = await breakingUpstream(t)
  const { url, deps } = await startGateway(t, { routes: ROUTES, upstreamUrl: upstream.url, connections: CONNECTIONS })
  // As many as the upstream's: a client of more would keep some idle for seconds, and they would be counted.
  const dispatcher = new Agent({ connections: CONNECTIONS })
  t.teardown(() => dispatcher.destroy())
  const call = (path: string, init: RequestInit = {}) => fetch(`${url}/public/${path}`, { dispatcher, ...init })
  const together = <T>(work: () => Promise<T>) => Promise.all(Array.from({ length: CONNECTIONS }, work))

  async function serves(): Promise<void> {
    const answers = await together(async () => (await call('together')).text())
    t.same(new Set(answers), new Set(['ok']), 'all connections of the pool serve')
  }
  await serves()
  const openedBefore = openFiles()

  /** Hundreds of failures of one kind; then every connection of the pool serves, and there is not one file descriptor more than before. */
  async function failAgainAndAgain(rounds: number, work: () => Promise<void>): Promise<void> {
    for (let round = 0; round < rounds; round++) await together(work)
    await serves()
    await until(() => openFiles() <= openedBefore, { message: `no more than ${openedBefore} files are open` })
  }

  async function isProblem(how: string, status: number, code: string): Promise<void> {
    const answer = await call(how)
    const isTold = answer.headers.get('content-type') === 'application/problem+json'
    const body = (await answer.json()) as { code: string }
    if (answer.status !== status || body.code !== code || !isTold) t.fail(`${how}: ${answer.status} ${body.code}`)
  }

  for (const how of ['reset', 'close', 'garbage']) {
    await t.test(`502 before the headers: ${how}`, () =>
      failAgainAndAgain(4, () => isProblem(how, 502, 'upstream_failed'))
    )
  }

  for (const how of ['silent', 'slow-headers']) {
    await t.test(`504 when the headers do not come: ${how}`, () =>
      failAgainAndAgain(1, () => isProblem(how, 504, 'upstream_timeout'))
    )
  }

  for (const how of ['reset-in-the-body', 'less-than-announced']) {
    await t.test(`half an answer never looks whole: ${how}`, () =>
      failAgainAndAgain(4, async () => {
        const text = await call(how)
          .then(
            (answer) => answer.text(),
            () => 'broken off'
          )
          .catch(() => 'broken off')
        if (text !== 'broken off') t.fail(text)
      })
    )
  }

  await t.test('what follows the announced length reaches nobody: more-than-announced', () =>
    failAgainAndAgain(4, async () => {
      const text = await (await call('more-than-announced')).text()
      if (text !== 'ok') t.fail(text)
    })
  )

  await t.test('502 while nobody listens, 200 as soon as somebody does', async () => {
    await upstream.stop()
    for (let round = 0; round < 4; round++) await together(() => isProblem('ok', 502, 'upstream_failed'))
    await upstream.start()
    await failAgainAndAgain(0, async () => undefined)
  })

  await t.test('a request whose connection is lost is sent once more, if that changes nothing', async (t) => {
    const retries = async (): Promise<number> => {
      const text = await deps.metrics.process.registry.metrics()
      return Number(/^patgate_upstream_retries_total\{upstream="demo"\} (\d+)$/m.exec(text)?.[1] ?? 0)
    }
    const before = await retries()
    const sentTimes = (address: string): number => upstream.seen.filter((line) => line.includes(address)).length
    const failing = async (how: string, address: string, init: RequestInit): Promise<[number, number]> => {
      const { status } = await call(`${how}?${address}`, init)
      return [status, sentTimes(`?${address} `)]
    }
    for (const method of ['GET', 'HEAD', 'PUT', 'DELETE']) {
      t.same(await failing('once-reset', `r-${method}`, { method }), [200, 2], `${method}, reset`)
      t.same(await failing('once-close', `c-${method}`, { method }), [200, 2], `${method}, closed`)
    }
    for (const method of ['POST', 'PATCH']) {
      t.same(await failing('once-reset', `r-${method}`, { method }), [502, 1], `${method} is not sent again`)
    }
    t.same(await failing('once-reset', 'body', { method: 'PUT', body: 'x' }), [502, 1], 'a body that is gone')
    t.same(await failing('reset', 'always', {}), [502, 2], 'not more than once')
    t.same(await failing('once-silent', 'late', {}), [504, 1], 'not what was too slow')
    t.same(await failing('once-garbage', 'nonsense', {}), [502, 1], 'not what was answered')
    await t.rejects(call('once-reset-in-the-body?begun').then((answer) => answer.text()))
    t.equal(sentTimes('?begun '), 1, 'not once the answer has begun')
    t.equal((await retries()) - before, 9, 'each of them is counted')
  })
})
