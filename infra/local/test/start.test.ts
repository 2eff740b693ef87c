import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import t, { type Test } from 'tap'
import { isAlive } from '../file-lock.ts'
import type { RunFile } from '../run-file.ts'
import { freeGatewayPort } from '../test-ports.ts'
import { temporaryDirectory } from './temporary-directory.ts'
import { until } from './until.ts'

const program = fileURLToPath(new URL('../start.ts', import.meta.url))

/** Runs the whole of patgate from a home, and answers when it says that it is ready. */
async function startPatgate(t: Test, home: string, environment: Record<string, string> = {}) {
  const { npm_lifecycle_event: _, ...inherited } = process.env
  const env = { ...inherited, PATGATE_HOME: home, PATGATE_PORT: String(await freeGatewayPort()), ...environment }
  const runner = spawn(process.execPath, [program], { env, stdio: ['ignore', 'pipe', 'pipe'] })
  t.teardown(() => runner.kill('SIGKILL'))
  let output = ''
  for (const stream of [runner.stdout, runner.stderr]) stream.on('data', (chunk) => (output += String(chunk)))
  await until(() => output.includes('patgate is ready at') || runner.exitCode !== null)
  if (runner.exitCode !== null) throw new Error(output)
  const runFile = join(home, 'run.json')
  const run = JSON.parse(readFileSync(runFile, 'utf8')) as RunFile
  return { runner, run, runFile, output: () => output }
}

const processesOf = ({ pids }: RunFile) => Object.values(pids).flat()

const withDemoToken = (run: RunFile, path: string, method = 'GET') =>
  fetch(`${run.gateway_url}${path}`, { method, headers: { authorization: `Bearer ${run.demo.token}` } })

/** The body of an answer of the API: POST where there is something to send. */
async function callAs(session: string | null, { gateway_url: url }: RunFile, path: string, body?: object) {
  const headers = {
    ...(session === null ? {} : { authorization: `Bearer ${session}` }),
    ...(body === undefined ? {} : { 'content-type': 'application/json' })
  }
  const method = body === undefined ? 'GET' : 'POST'
  const answer = await fetch(`${url}${path}`, { method, headers, ...(body && { body: JSON.stringify(body) }) })
  return (await answer.json()) as Record<string, unknown>
}

const signIn = async (run: RunFile): Promise<string> =>
  String((await callAs(null, run, '/v1/sessions', run.admin)).token)

t.test('two homes run side by side, each with gateways and data of its own', async (t) => {
  const directory = temporaryDirectory(t)
  const [first, second] = await Promise.all([
    startPatgate(t, join(directory, 'first')),
    startPatgate(t, join(directory, 'second'), { GATEWAYS: '2' })
  ])
  t.equal(statSync(first.runFile).mode & 0o777, 0o600)
  t.equal(second.run.gateway_urls.length, 2)
  t.equal(second.run.gateway_urls[0], second.run.gateway_url)
  t.equal(second.run.pids.gateways.length, 2)
  t.ok([...processesOf(first.run), ...processesOf(second.run)].every(isAlive))

  const page = await fetch(`${first.run.console_url}/console/`)
  t.equal(page.status, 200)
  t.match(await page.text(), '<div id="root">', 'the console is built and served')
  t.match(first.output(), `${first.run.console_url}/console/`)

  const dashboards = '/api/groups/demo/dashboards'
  t.equal((await withDemoToken(first.run, dashboards)).status, 200)
  t.equal((await withDemoToken(first.run, `${dashboards}/sales`, 'DELETE')).status, 403)
  const strange = await withDemoToken({ ...first.run, demo: second.run.demo }, dashboards)
  t.equal(strange.status, 401, 'the token of one instance is nothing in the other')

  const { id } = await callAs(await signIn(first.run), first.run, '/v1/tokens', { name: 'survivor', scopes: [] })
  for (const { runner, run } of [first, second]) {
    const exited = once(runner, 'exit')
    runner.kill('SIGTERM')
    t.same(await exited, [0, null])
    t.notOk(processesOf(run).some(isAlive), 'all have ended when the runner has')
  }

  const again = await startPatgate(t, join(directory, 'first'))
  t.same([again.run.admin, again.run.demo], [first.run.admin, first.run.demo], 'a second start has the same secrets')
  const survivor = await callAs(await signIn(again.run), again.run, `/v1/tokens/${id}`)
  t.match(survivor, { name: 'survivor' }, 'and the same data')
  const exited = once(again.runner, 'exit')
  again.runner.kill('SIGTERM')
  t.same(await exited, [0, null])
})

t.test('a runner that is killed leaves nothing behind, and the next start goes on with the same data', async (t) => {
  const home = join(temporaryDirectory(t), 'home')
  const first = await startPatgate(t, home)
  first.runner.kill('SIGKILL')
  await until(() => !processesOf(first.run).some(isAlive))

  const second = await startPatgate(t, home)
  t.same(second.run.admin, first.run.admin)
  t.same(second.run.demo, first.run.demo)
  t.equal((await withDemoToken(second.run, '/api/groups/demo/dashboards')).status, 200)

  const { gateways } = second.run.pids
  process.kill(gateways[0] ?? 0, 'SIGKILL')
  const current = () => JSON.parse(readFileSync(second.runFile, 'utf8')) as RunFile
  await until(() => current().pids.gateways[0] !== gateways[0])
  t.match(second.output(), 'gateway-1 was ended by SIGKILL; it is started again')
  const exited = once(second.runner, 'exit')
  second.runner.kill('SIGINT')
  t.same(await exited, [0, null])
  t.notOk(processesOf(current()).some(isAlive))
})

t.test('a patgate.yaml that is wrong ends the start with the words of the services', async (t) => {
  const directory = t.testdir({ 'patgate.yaml': 'upstreams: {}\nroutes: [{ path: /x, upstream: nowhere }]\n' })
  const environment = { PATGATE_CONFIG: join(directory, 'patgate.yaml') }
  await t.rejects(startPatgate(t, join(directory, 'home'), environment), {
    message: /nowhere.*ended with status 1 before it was ready.*patgate was not started/s
  })
})
