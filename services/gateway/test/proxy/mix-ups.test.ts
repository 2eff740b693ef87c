import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { Agent, request as httpRequest, type IncomingMessage, type ServerResponse } from 'node:http'
import { setImmediate as turn } from 'node:timers/promises'
import { test } from 'tap'
import { Client } from 'undici'
import { startGateway, temporaryFolder } from '../support/gateway.ts'

const REQUESTS = process.env.LONG_TESTS === '1' ? 50_000 : 2_000
const USERS = 20
/** Connections of clients that send the next request before the last is answered, for whichever user. */
const PIPES = 8
const PIPELINED = 6
/** Clients that send one request at a time over connections they share, and some of which leave early. */
const CALLERS = 16
const BODY = Buffer.alloc(40_000, 'b')
const ROUTES = `
  - { path: "/api/:id", upstream: demo, group: demo, entity_type: dashboard, entity_id: ":id", operations: { GET: read, POST: update } }
`

interface User {
  readonly id: string
  readonly token: string
}

/** Says what it was asked, and by whom: early, late, in pieces, or never to the end. */
function answer(request: IncomingMessage, response: ServerResponse): void {
  const { url = '', headers } = request
  const text = JSON.stringify({ url, subject: headers['x-patgate-subject'], entity: headers['x-patgate-entity'] })
  response.on('error', () => undefined)
  switch (url.split('?')[1]) {
    case 'early':
      // Neither read nor waited for: the rest of the body is still on its way.
      response.writeHead(409, { 'content-length': text.length }).end(text)
      break
    case 'late':
      setTimeout(() => response.end(text), 2)
      break
    case 'pieces':
      response.write(text.slice(0, 10))
      setImmediate(() => response.end(text.slice(10)))
      break
    case 'broken':
      response.writeHead(200, { 'content-length': text.length + 1 }).write(text)
      setImmediate(() => request.socket.destroy())
      break
    default:
      request.resume().on('end', () => response.end(text))
  }
}

test(`nobody gets an answer that is somebody else's, in ${REQUESTS} requests`, async (t) => {
  // Nobody takes the events, and each of them has to find room.
  const spool = { directory: temporaryFolder(t), maxBytes: 512 * 1024 * 1024, whenFull: 'block' as const }
  const options = { routes: ROUTES, answer, connections: 12, config: { spool } }
  const { port, tokenService, upstream } = await startGateway(t, options)
  const users = Array.from({ length: USERS }, (): User => {
    const id = randomUUID()
    return { id, token: tokenService.issue({ owner: { id, email: `${id}@example.org`, name: id } }) }
  })
  const mixedUp: string[] = []
  const counts = { sent: 0, right: 0, refused: 0, brokenOff: 0 }
  const userOf = (number: number): User => users[(number * 7) % USERS] as User
  const isOver = (): boolean => counts.sent >= REQUESTS

  /** What failed on the way to an upstream says nothing of anybody; everything else has to be for whom it was asked. */
  function check(status: number, text: string, url: string, user: User | null): void {
    const answer = JSON.parse(text)
    if (status >= 500) counts.brokenOff++
    else if (!isFor(user, url, status, answer)) mixedUp.push(`${url} of ${user?.id ?? 'nobody'}: ${status} ${text}`)
    else if (user === null) counts.refused++
    else counts.right++
  }

  const headersOf = (user: User | null) => ({ authorization: `Bearer ${user?.token ?? 'pat_nobody'}` })

  async function getInTurn(client: Client): Promise<void> {
    while (!isOver()) {
      const number = counts.sent++
      const user = number % 11 === 0 ? null : userOf(number)
      const path = `/api/e${number}?${number % 5 === 0 ? 'pieces' : number % 7 === 0 ? 'late' : 'plain'}`
      const { statusCode, body } = await client.request({ path, method: 'GET', headers: headersOf(user) })
      check(statusCode, await body.text(), path, user)
    }
  }

  /** GETs of different users, one behind the other on one connection. */
  async function pipe(): Promise<void> {
    const client = new Client(`http://127.0.0.1:${port}`, { pipelining: PIPELINED })
    t.teardown(() => client.destroy())
    const calls = Array.from({ length: PIPELINED }, () => getInTurn(client))
    await Promise.all(calls)
  }

  const agent = new Agent({ keepAlive: true, maxSockets: CALLERS })
  t.teardown(() => agent.destroy())

  /** One request at a time, over connections that others have used: uploads answered early, answers that break off, aborts. */
  async function call(): Promise<void> {
    while (!isOver()) {
      const number = counts.sent++
      const user = userOf(number)
      const how = ['early', 'pieces', 'broken', 'late', 'plain', 'plain', 'plain', 'plain'][number % 8] ?? ''
      const path = `/api/e${number}?${how}`
      const isUpload = how === 'early' || number % 3 === 0
      try {
        await exchange(path, user, isUpload, number % 13 === 0)
      } catch {
        counts.brokenOff++
      }
    }
  }

  async function exchange(path: string, user: User, isUpload: boolean, leavesEarly: boolean): Promise<void> {
    const sending = httpRequest({ agent, port, path, method: isUpload ? 'POST' : 'GET', headers: headersOf(user) })
    sending.on('error', () => undefined)
    const answered = once(sending, 'response')
    if (isUpload) sending.write(BODY)
    if (leavesEarly) {
      await turn()
      sending.destroy()
    } else sending.end()
    const [response] = (await answered) as [IncomingMessage]
    let text = ''
    for await (const chunk of response.setEncoding('utf8')) text += chunk
    check(response.statusCode ?? 0, text, path, user)
  }

  await Promise.all([...Array.from({ length: PIPES }, pipe), ...Array.from({ length: CALLERS }, call)])
  t.same(mixedUp.slice(0, 5), [])
  t.equal(mixedUp.length, 0)
  t.comment({ ...counts, connections: upstream.connectionCount })
  t.ok(counts.right > REQUESTS / 2, `${counts.right} right answers`)
  t.ok(counts.refused > REQUESTS / 100, `${counts.refused} refused`)
  t.ok(counts.brokenOff > REQUESTS / 100, `${counts.brokenOff} broken off`)
})

function isFor(user: User | null, url: string, status: number, answer: Record<string, string>): boolean {
  if (user === null) return status === 401 && answer.code === 'invalid_token'
  return answer.url === url && answer.subject === user.id && url.startsWith(`/api/${answer.entity}`)
}
