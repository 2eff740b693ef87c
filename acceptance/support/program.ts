import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { connect } from 'node:net'
import { until } from './until.ts'

interface Teardown {
  teardown(handler: () => Promise<void>): void
}

export interface Program {
  /** What a failure calls it. */
  readonly name: string
  readonly file: string
  readonly args: readonly string[]
  readonly cwd: string
  /** Beside what this process has in its own environment. */
  readonly env: NodeJS.ProcessEnv
  /** Loopback ports; it has started when it listens on all of them. */
  readonly ports: readonly number[]
  readonly listensWithinMs: number
}

/** Runs a server of somebody else's until the test is over. What it printed is told only when it ends early. */
export async function startProgram(t: Teardown, program: Program): Promise<void> {
  const { name, file, args, cwd, env, ports, listensWithinMs } = program
  let printed = ''
  const child = spawn(file, args, { cwd, env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] })
  const keep = (chunk: Buffer): void => {
    printed += chunk.toString()
  }
  child.stdout.on('data', keep)
  child.stderr.on('data', keep)
  t.teardown(async () => {
    if (child.exitCode !== null || child.signalCode !== null) return
    child.kill('SIGTERM')
    await once(child, 'exit')
  })
  await until(`${name} listens`, listensWithinMs, async () => {
    if (child.exitCode !== null) throw new Error(`${name} ended with status ${child.exitCode}:\n${printed}`)
    const listening = await Promise.all(ports.map(isListening))
    return listening.every(Boolean)
  })
}

async function isListening(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1')
  try {
    await once(socket, 'connect')
    return true
  } catch {
    return false
  } finally {
    socket.destroy()
  }
}
