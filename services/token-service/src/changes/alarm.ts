/** Lets a loop sleep until it is woken or its time is up; a ring while nobody sleeps is kept for the next sleep. */
export interface Alarm {
  ring(): void
  wait(timeoutMs: number): Promise<void>
}

export function createAlarm(): Alarm {
  let bell = Promise.withResolvers<void>()
  return {
    ring: () => bell.resolve(),
    async wait(timeoutMs) {
      const timer = setTimeout(() => bell.resolve(), timeoutMs)
      await bell.promise
      clearTimeout(timer)
      bell = Promise.withResolvers<void>()
    }
  }
}
