/** Runs the work again and again, after a few times that do not count, and answers how long each run took, in ms. */
export async function measure(runs: number, work: () => Promise<unknown>): Promise<number[]> {
  const warmUps = Math.min(5, runs - 1)
  const times: number[] = []
  for (let run = -warmUps; run < runs; run++) {
    const startedAtMs = performance.now()
    await work()
    if (run >= 0) times.push(performance.now() - startedAtMs)
  }
  return times
}

export function percentile(times: readonly number[], percent: number): number {
  const sorted = [...times].sort((one, other) => one - other)
  return sorted[Math.min(sorted.length - 1, Math.floor((sorted.length * percent) / 100))] ?? Number.NaN
}

/** One line of the result: a name, and how long it took. */
export function row(name: string, times: readonly number[]): string {
  const [p50, p95, p99] = [50, 95, 99].map((percent) => `${percentile(times, percent).toFixed(1).padStart(7)} ms`)
  return `${name.padEnd(56)} p50 ${p50}   p95 ${p95}   p99 ${p99}`
}
