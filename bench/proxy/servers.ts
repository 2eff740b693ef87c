import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import type { Target } from './load.ts'

/** What Linux counts processor time in, on every machine that Node runs on. */
const TICKS_PER_S = 100

/** The processes of a benchmark, each on a port of its own. */
export class Servers {
  readonly #children = new Map<string, ChildProcess>()

  /** Resolves when it listens. Throws where it ends instead. */
  async start(script: string, ...args: string[]): Promise<Omit<Target, 'name'>> {
    const child = fork(new URL(script, import.meta.url), args)
    this.#children.set([script, ...args].join(' '), child)
    const [told] = await Promise.race([once(child, 'message'), once(child, 'exit')])
    if (typeof told !== 'object') throw new Error(`${script} ended`)
    return told
  }

  /** What a process has in memory now, as the kernel counts it. */
  residentBytes(script: string): number {
    const status = readFileSync(`/proc/${this.#pidOf(script)}/status`, 'utf8')
    return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]) * 1024
  }

  /** Processor time that a process has used so far, in ms, to the 10 ms. */
  usedMs(script: string): number {
    const stat = readFileSync(`/proc/${this.#pidOf(script)}/stat`, 'utf8')
    // The name in the second field may contain anything but is in parentheses; user and system time are the 14th and 15th.
    const [user = 0, system = 0] = stat
      .slice(stat.lastIndexOf(')') + 2)
      .split(' ')
      .slice(11, 13)
      .map(Number)
    return (user + system) * (1000 / TICKS_PER_S)
  }

  #pidOf(script: string): number | undefined {
    return [...this.#children].find(([name]) => name.startsWith(script))?.[1].pid
  }

  async stop(): Promise<void> {
    for (const child of this.#children.values()) {
      if (child.exitCode !== null) continue
      const exited = once(child, 'exit')
      child.send('stop')
      await exited
    }
  }
}
