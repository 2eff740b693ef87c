import { setTimeout as pause } from 'node:timers/promises'
import { Pool } from 'undici'

const CONNECTIONS = 64
const PATH = '/api/groups/demo/dashboards/e1'

/** Somebody who answers, and what to say there. */
export interface Target {
  readonly name: string
  readonly origin: string
  readonly token: string
}

/** Calls one target over connections that stay open. */
export class Caller {
  readonly name: string
  readonly #pool: Pool
  readonly #headers: Readonly<Record<string, string>>

  constructor({ name, origin, token }: Target) {
    this.name = name
    this.#pool = new Pool(origin, { connections: CONNECTIONS, pipelining: 1 })
    this.#headers = { authorization: `Bearer ${token}` }
  }

  /** Until the answer is complete. Throws where that is not a 200. */
  async #call(): Promise<void> {
    const { statusCode, body } = await this.#pool.request({ method: 'GET', path: PATH, headers: this.#headers })
    if (statusCode !== 200) throw new Error(`${this.name} answered ${statusCode}: ${await body.text()}`)
    await body.dump()
  }

  /**
   * Sends so many requests a second, whether or not the earlier ones are answered, and says how many milliseconds each took
   * from when it was sent.
   */
  async atRate(perSecond: number, seconds: number): Promise<number[]> {
    const timesMs: number[] = []
    const calls: Promise<unknown>[] = []
    const startedAtMs = performance.now()
    while (calls.length < perSecond * seconds) {
      const due = Math.floor(((performance.now() - startedAtMs) * perSecond) / 1000)
      while (calls.length < Math.min(due, perSecond * seconds)) {
        const sentAtMs = performance.now()
        calls.push(this.#call().then(() => timesMs.push(performance.now() - sentAtMs)))
      }
      await pause(1)
    }
    await Promise.all(calls)
    return timesMs
  }

  /** How many are answered, and in how long, when every connection asks again as soon as it is answered. */
  async atFullSpeed(seconds: number): Promise<{ answered: number; seconds: number }> {
    let answered = 0
    const startedAtMs = performance.now()
    const endsAtMs = startedAtMs + seconds * 1000
    const ask = async (): Promise<void> => {
      while (performance.now() < endsAtMs) {
        await this.#call()
        answered++
      }
    }
    await Promise.all(Array.from({ length: CONNECTIONS }, ask))
    return { answered, seconds: (performance.now() - startedAtMs) / 1000 }
  }

  close(): Promise<void> {
    return this.#pool.destroy()
  }
}
