import { globSync } from 'node:fs'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort, unpackDebianPackage } from '@patgate/local'
import { startProgram } from '../support/program.ts'

interface Teardown {
  teardown(handler: () => Promise<void>): void
}

export interface RabbitMq {
  readonly host: string
  readonly amqpPort: number
  readonly mqttUrl: string
}

const EXAMPLE = new URL('../../infra/examples/rabbitmq/rabbitmq.conf', import.meta.url)
const HOST = '127.0.0.1'
/** Where the example looks for patgate. */
const ADDRESS_IN_EXAMPLE = '127.0.0.1:8080'
const LISTENS_WITHIN_MS = 90_000

/**
 * Runs Debian's RabbitMQ, unpacked without root, with the example of `infra/examples/rabbitmq`: only patgate's address in it is
 * another. All that the broker writes is below one folder, which goes with it.
 */
export async function startRabbitMq(t: Teardown, patgate: string): Promise<RabbitMq> {
  const { root, env: libraries } = await unpackDebianPackage('rabbitmq-server')
  const folder = await mkdtemp(join(tmpdir(), 'patgate-rabbitmq-'))
  t.teardown(() => rm(folder, { recursive: true, force: true }))
  const [amqpPort, mqttPort, erlangPort, epmdPort] = [
    await freePort(),
    await freePort(),
    await freePort(),
    await freePort()
  ]
  await configure(join(folder, 'etc', 'rabbitmq'), patgate, { amqpPort, mqttPort })

  const erlang = erlangIn(root)
  const env = {
    ...libraries,
    ...erlang.env,
    ...rabbitIn(root),
    HOME: folder,
    SYS_PREFIX: folder,
    RABBITMQ_NODENAME: 'patgate@localhost',
    RABBITMQ_LOGS: '-',
    RABBITMQ_DIST_PORT: String(erlangPort),
    ERL_EPMD_PORT: String(epmdPort),
    ERL_EPMD_ADDRESS: HOST
  }
  const start = (name: string, program: string, args: string[], ports: number[]) =>
    startProgram(t, {
      name,
      file: join(erlang.programs, program),
      args,
      cwd: folder,
      env,
      ports,
      listensWithinMs: LISTENS_WITHIN_MS
    })
  // RabbitMQ would leave a name server of its own behind.
  await start('epmd', 'epmd', [], [epmdPort])
  await start('RabbitMQ', 'erlexec', ['-noinput', '-s', 'rabbit', 'boot', '-boot', 'start_sasl'], [amqpPort, mqttPort])
  return { host: HOST, amqpPort, mqttUrl: `mqtt://${HOST}:${mqttPort}` }
}

async function configure(
  folder: string,
  patgate: string,
  { amqpPort, mqttPort }: { amqpPort: number; mqttPort: number }
): Promise<void> {
  await mkdir(join(folder, 'conf.d'), { recursive: true })
  const example = await readFile(EXAMPLE, 'utf8')
  await writeFile(join(folder, 'rabbitmq.conf'), example.replaceAll(ADDRESS_IN_EXAMPLE, patgate))
  const listeners = `listeners.tcp.1 = ${HOST}:${amqpPort}\nmqtt.listeners.tcp.1 = ${HOST}:${mqttPort}\n`
  await writeFile(join(folder, 'conf.d', 'listeners.conf'), listeners)
  await writeFile(join(folder, 'enabled_plugins'), '[rabbitmq_auth_backend_http, rabbitmq_mqtt].\n')
}

/** Debian's `erl` knows one place only, so its work is done here: to say where Erlang is. */
function erlangIn(root: string): { programs: string; env: NodeJS.ProcessEnv } {
  const home = join(root, 'usr', 'lib', 'erlang')
  const programs = join(home, only('erts-*', home), 'bin')
  return { programs, env: { ROOTDIR: home, BINDIR: programs, EMU: 'beam', PROGNAME: 'erl' } }
}

function rabbitIn(root: string): NodeJS.ProcessEnv {
  const folder = join(root, 'usr', 'lib', 'rabbitmq', 'lib')
  const home = join(folder, only('rabbitmq_server-*', folder))
  return { RABBITMQ_HOME: home, ERL_LIBS: join(home, 'plugins') }
}

function only(pattern: string, cwd: string): string {
  const [found] = globSync(pattern, { cwd })
  if (found === undefined) throw new Error(`no ${pattern} in ${cwd}: an Erlang that is installed is not looked for`)
  return found
}
