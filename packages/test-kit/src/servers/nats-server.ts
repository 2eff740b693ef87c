import { mkdtemp, rm } from 'node:fs/promises'
import { connect } from 'node:net'
import { join } from 'node:path'
import { type Child, freePort, startChild, startWatchdog } from '@patgate/local'
import type { Teardown } from '../teardown.ts'
import { until } from '../until.ts'

/** An outage at the test's command: the server comes back on the same port with the same store. */
export interface NatsOutage {
  stop(): Promise<void>
  start(): Promise<void>
}

export interface TestNats extends NatsOutage {
  readonly url: string
}

const STOP_WITHIN_MS = 10_000

/** Starts a nats-server with JetStream for this test alone, in a folder that goes with it. */
export async function openNatsServer(t: Teardown, program: string, scratchDirectory: string): Promise<TestNats> {
  const directory = await mkdtemp(join(scratchDirectory, 'patgate-nats-'))
  const watchdog = startWatchdog()
  const port = await freePort()
  const lines: string[] = []
  let child: Child | null = null

  async function start(): Promise<void> {
    if (child !== null) return
    const args = ['--addr', '127.0.0.1', '--port', String(port), '--jetstream', '--store_dir', directory]
    child = startChild(
      {
        name: 'nats',
        command: program,
        args,
        cwd: directory,
        stopSignal: 'SIGTERM',
        stopWithinMs: STOP_WITHIN_MS,
        onLine: (line) => lines.push(line)
      },
      watchdog
    )
    await until(() => isGreeting(port), { message: 'nats-server greets' }).catch((cause: unknown) => {
      throw new Error(`${program} did not start:\n${lines.slice(-15).join('\n')}`, { cause })
    })
  }

  async function stop(): Promise<void> {
    await child?.stop()
    child = null
  }

  t.teardown(async () => {
    await stop()
    watchdog.close()
    await rm(directory, { recursive: true, force: true })
  })
  await start()
  return { url: `nats://127.0.0.1:${port}`, start, stop }
}

/** True when the server sends its `INFO` line, which it does once it takes clients. */
function isGreeting(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port })
    socket.once('data', (bytes: Buffer) => {
      socket.destroy()
      resolve(bytes.toString().startsWith('INFO '))
    })
    socket.once('error', () => resolve(false))
    socket.once('close', () => resolve(false))
  })
}
