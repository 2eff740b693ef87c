import { setTimeout as delay } from 'node:timers/promises'
import { describeExit } from './supervisor/child.ts'
import type { Supervised } from './supervisor/supervise.ts'

const readyWithinMs = 120_000
const pollMs = 50

/** Waits until a service answers 200 at `/readyz`. One that ends before has said why, and is not started again. */
export async function awaitReady(service: Supervised, opsUrl: string): Promise<void> {
  let ended: string | undefined
  void service.endedEarly.then((exit) => {
    ended = describeExit(exit)
  })
  let lastAnswer = 'nothing'
  const deadline = performance.now() + readyWithinMs
  while (performance.now() < deadline) {
    if (ended !== undefined)
      throw new Error(`${service.name} ${ended} before it was ready; its own lines above say why.`)
    const answer = await ask(`${opsUrl}/readyz`)
    if (answer.isReady) return
    lastAnswer = answer.text
    await delay(pollMs)
  }
  throw new Error(`${service.name} was not ready after ${readyWithinMs / 1000} s; /readyz answers: ${lastAnswer}`)
}

async function ask(url: string): Promise<{ isReady: boolean; text: string }> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(2_000) })
    return { isReady: response.status === 200, text: await response.text() }
  } catch (error) {
    return { isReady: false, text: error instanceof Error ? error.message : String(error) }
  }
}
