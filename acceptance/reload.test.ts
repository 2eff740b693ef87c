import { once } from 'node:events'
import { readFile, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { test } from 'tap'
import { createApi } from './support/api.ts'
import { startPatgate } from './support/patgate.ts'
import { until } from './support/until.ts'

const SEEN_WITHIN_MS = 10_000
const CLIENTS = 8

test('SIGHUP puts a changed patgate.yaml in force in running services, without dropping a request', async (t) => {
  const home = t.testdir()
  const file = join(home, 'mine.yaml')
  // An upstream of its own: with another file than the checkout's, the runner takes whoever has the demo API's port for it,
  // and that may be another run, which ends before this one.
  const upstream = createServer(({ url }, response) => {
    response.writeHead(url?.endsWith('/dashboards') ? 200 : 404, { 'content-type': 'application/json' }).end('{}')
  }).listen(0, '127.0.0.1')
  t.teardown(() => upstream.close())
  await once(upstream, 'listening')
  const own = `127.0.0.1:${(upstream.address() as AddressInfo).port}`
  const original = (await readFile('patgate.yaml', 'utf8')).replace('127.0.0.1:9101', own)
  await writeFile(file, original)
  const patgate = await startPatgate(t, { home, gateways: 2, environment: { PATGATE_CONFIG: file } })
  const admin = await patgate.asAdmin()
  const gateways = patgate.run.gateway_urls.map((url) => createApi(url))
  const processes = [...patgate.run.pids.token_services, ...patgate.run.pids.gateways]

  const reload = async (text: string, message: string): Promise<void> => {
    const told = () => patgate.output().split(message).length - 1
    const before = told()
    await writeFile(file, text)
    for (const pid of processes) process.kill(pid, 'SIGHUP')
    await until(`${processes.length} processes say: ${message}`, SEEN_WITHIN_MS, async () =>
      told() >= before + processes.length ? true : null
    )
  }
  const versions = async (): Promise<Set<string>> => {
    const texts = patgate.run.gateway_ops_urls.map(async (url) => (await fetch(`${url}/metrics`)).text())
    return new Set(
      (await Promise.all(texts)).map((text) => /patgate_config_info\{version="(\w+)"\} 1/.exec(text)?.[1] ?? '')
    )
  }

  await t.test('a new entity type can be granted, and its route used, while others go on being served', async (t) => {
    const before = await versions()
    const failures: string[] = []
    let served = 0
    let isOver = false
    const client = async (index: number): Promise<void> => {
      while (!isOver) {
        const asking = gateways[index % gateways.length]?.call('/api/groups/demo/dashboards', {
          token: patgate.run.demo.token
        })
        const answer = await asking?.catch((error: unknown) => ({ status: 0, body: String(error) }))
        if (answer?.status === 200) served++
        else failures.push(JSON.stringify(answer))
      }
    }
    const clients = Array.from({ length: CLIENTS }, (_, index) => client(index))
    t.teardown(() => {
      isOver = true
    })
    await until('requests are served', SEEN_WITHIN_MS, async () => served > CLIENTS || null)
    const route = `  - { path: "/api/groups/:group/reports/*", upstream: demo, entity_type: report, operations: { GET: read } }\n`
    const changed = original.replace('  base: {}\n', '  base: {}\n  report: { operations: [read] }\n') + route
    await reload(changed, 'patgate.yaml is in force')

    const scopes = [{ group: 'demo', entity_type: 'report', entity_id: '*', operations: ['read' as const] }]
    const { secret } = await admin.createToken({ scopes })
    for (const gateway of gateways) {
      const answer = await gateway.call('/api/groups/demo/reports/1', { token: secret })
      t.equal(answer.status, 404)
      t.not(answer.headers.get('content-type'), 'application/problem+json', "the demo API's own answer")
      t.equal((await gateway.call('/api/groups/demo/reports/1', { token: patgate.run.demo.token })).status, 403)
    }
    const soFar = served
    await until('requests are still served', SEEN_WITHIN_MS, async () => served > soFar + CLIENTS || null)
    isOver = true
    await Promise.all(clients)
    t.same(failures, [])
    const after = await versions()
    t.equal(after.size, 1, 'one version in all gateways')
    t.notSame(after, before)
  })

  await t.test('a file with mistakes changes nothing, and each mistake is told with its line', async (t) => {
    const before = await versions()
    const line = original.split('\n').length
    await reload(`${original}nonsense: 1\n`, 'was not reloaded')
    t.match(patgate.output(), `mine.yaml:${line}: unknown key "nonsense"`)
    t.same(await versions(), before)
    t.equal((await gateways[0]?.call('/api/groups/demo/reports/1'))?.status, 401, 'the route is still there')
  })
})
