import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createLogger, createMetrics, createReload, LivePatgateFile, loadPatgateFile } from '@patgate/service-kit'
import { captureLogs } from '@patgate/test-kit'
import { test } from 'tap'

const file = (path: string): string => `
entity_types: { dashboard: {} }
upstreams: { demo: { url: http://127.0.0.1:9101 } }
routes:
  - { path: ${path}, upstream: demo, public: true }
`

test('patgate.yaml is read again', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'patgate-yaml-'))
  t.teardown(() => rmSync(folder, { recursive: true }))
  const path = join(folder, 'patgate.yaml')
  writeFileSync(path, file('/one'))
  const live = new LivePatgateFile(loadPatgateFile(path))
  const logs = captureLogs()
  const metrics = createMetrics()
  const reload = createReload({ live, path, logger: createLogger('test', 'info', logs.stream), metrics })
  const paths = live.derive(({ routes }) => routes.map(({ pattern }) => pattern.path))
  const heard: string[] = []
  live.onChange((changed) => heard.push(changed.version))
  const metric = async (name: string): Promise<string> => (await metrics.registry.getSingleMetricAsString(name)) ?? ''
  const first = live.current.version

  await t.test('the version in force is told at start', async (t) => {
    t.match(logs.records().at(-1), { msg: 'patgate.yaml is in force', version: first })
    t.match(await metric('patgate_config_info'), `{version="${first}"} 1`)
  })

  await t.test('a file without a change changes nothing', async (t) => {
    t.equal(reload(), 'unchanged')
    t.same(heard, [])
  })

  await t.test('a valid file is in force at once, and everything that is derived from it', async (t) => {
    writeFileSync(path, file('/two'))
    t.equal(reload(), 'applied')
    t.same(paths(), ['/two'])
    t.not(live.current.version, first)
    t.same(heard, [live.current.version])
    t.match(logs.records().at(-1), { msg: 'patgate.yaml is in force', version: live.current.version })
    const info = await metric('patgate_config_info')
    t.match(info, `{version="${live.current.version}"} 1`)
    t.notMatch(info, first, 'one version at a time')
  })

  await t.test('every mistake is logged with its line, and the file in force stays', async (t) => {
    const { version } = live.current
    writeFileSync(path, `${file('/three')}  - { path: /v1/x, upstream: nowhere, public: true }\nsurprise: 1\n`)
    t.equal(reload(), 'refused')
    const told = logs.records().slice(-4)
    t.same(
      told.map(({ level, msg }) => [level, msg]),
      [
        'patgate.yaml:6: the upstream "nowhere" is not declared',
        'patgate.yaml:6: the path "/v1/x" collides with the reserved /v1',
        'patgate.yaml:7: unknown key "surprise"',
        'patgate.yaml was not reloaded: the version that was in force stays'
      ].map((message) => ['error', message])
    )
    t.equal(told.at(-1)?.version, version)
    t.equal(live.current.version, version)
    t.same(paths(), ['/two'])
  })

  await t.test('nor does a file that is gone end anything', async (t) => {
    rmSync(path)
    t.equal(reload(), 'refused')
    t.same(paths(), ['/two'])
    writeFileSync(path, file('/four'))
    t.equal(reload(), 'applied')
    t.same(paths(), ['/four'])
  })

  await t.test('what cannot be derived from a file keeps all of it out', async (t) => {
    live.derive(({ routes }) => {
      if (routes.some(({ pattern }) => pattern.path === '/five')) throw new Error('not this one')
      return null
    })
    writeFileSync(path, file('/five'))
    t.equal(reload(), 'refused')
    t.same(paths(), ['/four'])
    t.equal(live.current.routes[0]?.pattern.path, '/four')
  })

  await t.test('a metric counts what became of it', async (t) => {
    const counted = await metric('patgate_config_reloads_total')
    for (const line of ['{outcome="applied"} 2', '{outcome="unchanged"} 1', '{outcome="refused"} 3']) {
      t.match(counted, line)
    }
  })
})
