import type { ServerResponse } from 'node:http'
import { parsePatgateFile } from '@patgate/service-kit'
import { recordingUpstream, until } from '@patgate/test-kit'
import { test } from 'tap'
import { startGateway } from '../support/gateway.ts'

interface Version {
  readonly upstream: string
  readonly connections?: number
  readonly path?: string
  readonly guest?: string
}

/** A file whose one protected route allows a guest what the file says. */
const fileOf = ({ upstream, connections = 8, path = '/data', guest = 'read' }: Version) =>
  parsePatgateFile(`
entity_types: { dashboard: {} }
roles: { guest: [${guest}] }
upstreams: { demo: { url: "${upstream}", connections: ${connections} } }
routes:
  - { path: ${path}, upstream: demo, group: demo, entity_type: dashboard, operations: { GET: read, POST: create } }
  - { path: /slow, upstream: demo, public: true }
`)

test('patgate.yaml is reloaded without dropping a request', async (t) => {
  const gateway = await startGateway(t)
  const slow: ServerResponse[] = []
  const old = await recordingUpstream(t, (request, response) => {
    if (request.url === '/slow') slow.push(response.writeHead(200, { 'content-length': 4 })) && response.write('b')
    else response.end('old')
  })
  const next = await recordingUpstream(t, (_request, response) => response.end('new'))
  const headers = { authorization: `Bearer ${gateway.tokenService.issue({ roles: { demo: 'guest' } })}` }
  const { patgateFile } = gateway.deps
  const get = (path: string): Promise<Response> => fetch(gateway.url + path, { headers })
  patgateFile.replace(fileOf({ upstream: old.url }))

  await t.test('routes, roles and upstreams change together, whatever is under way', async (t) => {
    const answers = new Map<string, number>()
    let isOver = false
    const client = async (): Promise<void> => {
      while (!isOver) {
        const answer = await get('/data')
        const text = `${answer.status} ${answer.status === 200 ? await answer.text() : ''}`
        if (answer.status !== 200) await answer.body?.cancel()
        answers.set(text, (answers.get(text) ?? 0) + 1)
      }
    }
    const clients = Array.from({ length: 8 }, client)
    for (let round = 0; round < 30; round++) {
      const before = [...answers.values()].reduce((sum, count) => sum + count, 0)
      // What is allowed at the old upstream is forbidden at the new one: a mixture would answer `200 new`.
      patgateFile.replace(
        round % 2 === 0 ? fileOf({ upstream: next.url, guest: 'list' }) : fileOf({ upstream: old.url })
      )
      await until(() => [...answers.values()].reduce((sum, count) => sum + count, 0) > before + 8)
    }
    isOver = true
    await Promise.all(clients)
    t.same([...answers.keys()].sort(), ['200 old', '403 '])
    t.equal(next.requests.length, 0)
  })

  await t.test('an answer under way comes to its end, and then the connections of its upstream close', async (t) => {
    patgateFile.replace(fileOf({ upstream: old.url }))
    const answer = await get('/slow')
    t.equal(answer.status, 200)
    patgateFile.replace(fileOf({ upstream: next.url }))
    t.equal(await (await get('/data')).text(), 'new')
    slow.at(-1)?.end('end')
    t.equal(await answer.text(), 'bend')
    const connections = async (): Promise<number> => {
      const { promise, resolve } = Promise.withResolvers<number>()
      old.server.getConnections((_error, count) => resolve(count))
      return promise
    }
    await until(async () => (await connections()) === 0, { message: 'the pool of the old upstream is drained' })
  })

  await t.test('an upstream that did not change keeps its connections', async (t) => {
    await get('/data')
    const before = next.connectionCount
    patgateFile.replace(fileOf({ upstream: next.url, path: '/moved' }))
    t.equal((await get('/data')).status, 404)
    t.equal((await get('/moved')).status, 200)
    t.equal(next.connectionCount, before)
    patgateFile.replace(fileOf({ upstream: next.url, connections: 9 }))
    t.equal((await get('/data')).status, 200)
    t.equal(next.connectionCount, before + 1, 'another pool has connections of its own')
  })

  await t.test('a request that waits for its decision meanwhile is forwarded as it was matched', async (t) => {
    const waiting = Promise.withResolvers<void>()
    gateway.tokenService.hold(waiting.promise)
    const token = gateway.tokenService.issue()
    const call = fetch(`${gateway.url}/data`, { headers: { authorization: `Bearer ${token}` } })
    const asked = gateway.tokenService.questions.length
    await until(() => gateway.tokenService.questions.length > asked)
    patgateFile.replace(fileOf({ upstream: old.url, path: '/elsewhere' }))
    waiting.resolve()
    t.equal(await (await call).text(), 'new')
  })
})
