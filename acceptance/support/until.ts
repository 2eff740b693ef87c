import { setTimeout as wait } from 'node:timers/promises'

const POLL_MS = 25

/** Waits until `look` answers something that is not null or false; the only way in which a test waits. */
export async function until<T>(what: string, limitMs: number, look: () => Promise<T | null | false>): Promise<T> {
  const deadline = performance.now() + limitMs
  while (performance.now() < deadline) {
    const found = await look()
    if (found !== null && found !== false) return found
    await wait(POLL_MS)
  }
  throw new Error(`waited ${limitMs} ms in vain until ${what}`)
}
