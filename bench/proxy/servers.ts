import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import type { Target } from './load.ts'

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
    const child = [...this.#children].find(([name]) => name.startsWith(script))?.[1]
    const status = readFileSync(`/proc/${child?.pid}/status`, 'utf8')
    return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]) * 1024
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
