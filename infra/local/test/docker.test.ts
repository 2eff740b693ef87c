import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { delimiter, dirname, join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import t from 'tap'
import { toolsDirectory } from '../home.ts'
import { freePort } from '../ports.ts'
import { wrapDockerImage } from '../servers/docker.ts'
import { findServer } from '../servers/find-server.ts'
import { findRedis, redisKind } from '../servers/redis.ts'
import { converse } from '../servers/talk.ts'

const DOCKER = { image: 'redis:8-alpine', program: 'redis-server' }
const UNTIL_MS = 20_000

/**
 * Stands for Docker where there is no engine: what would run in the container runs here, with the client's input as its
 * own. It says nothing of networks and volumes; what it shows is that the server ends with whoever started it.
 */
const STAND_IN = `#!/bin/sh
echo "$@" >>"$DOCKER_CALLS"
case "$1" in
  version) [ -n "$DOCKER_ANSWERS" ] && echo 28.0.0 ;;
  image) exit 1 ;;
  run)
    while [ "$1" != ${DOCKER.image} ]; do shift; done
    shift
    exec sh "$@" ;;
esac
`

const directory = t.testdir()
const tools = join(directory, 'tools')
const calls = join(directory, 'calls')
mkdirSync(join(directory, 'bin'))
writeFileSync(join(directory, 'bin', 'docker'), STAND_IN)
chmodSync(join(directory, 'bin', 'docker'), 0o755)
// And a machine that is no Debian.
writeFileSync(join(directory, 'bin', 'apt-get'), '#!/bin/sh\nexit 1\n')
chmodSync(join(directory, 'bin', 'apt-get'), 0o755)
const redis = await findRedis({ tools: toolsDirectory, report: t.comment })
Object.assign(process.env, redis.env, {
  PATH: [join(directory, 'bin'), dirname(redis.path), process.env.PATH].join(delimiter),
  DOCKER_CALLS: calls
})

t.test('without an engine that answers, Docker is named among what was tried', async (t) => {
  await t.rejects(wrapDockerImage(DOCKER, { tools, report: t.fail }), /engine does not answer/)
})

t.test('where its engine answers, a server comes from its image, after everything else was tried', async (t) => {
  process.env.DOCKER_ANSWERS = 'yes'
  const lines: string[] = []
  const found = await findServer(redisKind, { tools, report: (line) => lines.push(line), searchPath: '/nowhere' })
  t.match(found.path, /tools\/docker\/redis-server$/)
  t.equal(lines.at(-1), 'fetching the Docker image redis:8-alpine')
  const run = readFileSync(calls, 'utf8')
    .split('\n')
    .find((line) => line.startsWith('run '))
  t.match(run, `--network host --user ${process.getuid?.()}:${process.getgid?.()}`)
  t.match(run, `--volume ${process.cwd()}:${process.cwd()} --workdir ${process.cwd()}`)
})

t.test('the server ends with the wrapper: asked by SIGTERM, with its own status', async (t) => {
  const { wrapper, port } = await startWrapped()
  wrapper.kill('SIGTERM')
  const [status] = await once(wrapper, 'exit')
  t.equal(status, 0)
  t.notOk(await answers(port))
})

t.test('the server ends with the wrapper: when that is killed', async (t) => {
  const { wrapper, port } = await startWrapped()
  wrapper.kill('SIGKILL')
  await until(async () => !(await answers(port)))
  t.pass('nothing is left behind')
})

async function startWrapped(): Promise<{ wrapper: ChildProcess; port: number }> {
  const path = await wrapDockerImage(DOCKER, { tools, report: () => undefined })
  if (!existsSync(path)) throw new Error('no wrapper')
  const port = await freePort()
  const wrapper = spawn(path, ['--port', String(port), '--bind', '127.0.0.1', '--save', ''], {
    cwd: directory,
    detached: true,
    stdio: ['ignore', 'ignore', 'inherit']
  })
  await until(() => answers(port))
  return { wrapper, port }
}

function answers(port: number): Promise<boolean> {
  return converse(port, 'PING\r\n', /PONG/).then(
    (answer) => answer.includes('PONG'),
    () => false
  )
}

async function until(condition: () => Promise<boolean>): Promise<void> {
  for (const deadline = performance.now() + UNTIL_MS; !(await condition()); await delay(25)) {
    if (performance.now() > deadline) throw new Error('it did not become true in time')
  }
}
