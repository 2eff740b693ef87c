import type { Page } from 'playwright-core'

/** How the page's main thread fared while something was done: told, not judged, because machines differ. */
export async function smoothnessOf(page: Page, work: () => Promise<void>): Promise<string> {
  await page.evaluate(observe)
  await work()
  const { frames, longTasks } = await page.evaluate(conclude)
  const sorted = frames.toSorted((one, other) => one - other)
  const part = (share: number) => Math.round(sorted[Math.floor(share * (sorted.length - 1))] ?? 0)
  return [
    `${frames.length} frames`,
    `50 % within ${part(0.5)} ms, 95 % within ${part(0.95)} ms, the longest ${part(1)} ms`,
    `${longTasks.length} tasks over 50 ms, the longest ${Math.round(Math.max(0, ...longTasks))} ms`
  ].join('; ')
}

interface Observation {
  readonly frames: number[]
  readonly longTasks: number[]
  isOver: boolean
}

/** Runs in the page. */
function observe(): void {
  const observation: Observation = { frames: [], longTasks: [], isOver: false }
  Object.assign(globalThis, { observation })
  new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) observation.longTasks.push(duration)
  }).observe({ type: 'longtask' })
  let lastMs = performance.now()
  const frame = (nowMs: number): void => {
    observation.frames.push(nowMs - lastMs)
    lastMs = nowMs
    if (!observation.isOver) requestAnimationFrame(frame)
  }
  requestAnimationFrame(frame)
}

/** Runs in the page. */
function conclude(): Observation {
  const { observation } = globalThis as unknown as { observation: Observation }
  observation.isOver = true
  return observation
}
