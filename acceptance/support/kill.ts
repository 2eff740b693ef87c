import type { Patgate, ProcessName } from './patgate.ts'
import { until } from './until.ts'

const BACK_WITHIN_MS = 60_000

export interface KillOptions {
  /** Done while the process is dead, before the runner starts it again: it has to be synchronous for that. */
  readonly whileDead?: () => void
}

/** Kills with SIGKILL and waits until the runner has put a new process in its place. */
export async function kill(patgate: Patgate, victim: ProcessName, { whileDead }: KillOptions = {}): Promise<void> {
  // It may have ended by itself: a service does not start without its database.
  const killed = await until(`${victim} can be killed`, BACK_WITHIN_MS, async () => {
    const pid = await pidOf(patgate, victim)
    return hasKilled(pid) ? pid : null
  })
  whileDead?.()
  await until(`${victim} is back`, BACK_WITHIN_MS, async () => (await pidOf(patgate, victim)) !== killed)
}

function hasKilled(pid: number): boolean {
  try {
    return process.kill(pid, 'SIGKILL')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ESRCH') return false
    throw error
  }
}

async function pidOf(patgate: Patgate, name: ProcessName): Promise<number> {
  const { pids } = await patgate.readRunFile()
  const pid = name === 'gateway' ? pids.gateways[0] : pids[name]
  if (pid === undefined) throw new Error(`run.json names no ${name}`)
  return pid
}
