/** How many assertions of a run held and how many did not. */
export interface TapSummary {
  passed: number
  failed: number
}

/** Reads the line `# { total: 3, pass: 2, fail: 1 }` that ends tap's output; zero of a kind is left out there. */
export function readTapSummary(tap: string): TapSummary {
  const line = [...tap.matchAll(/^# \{ (.*total.*) \}$/gm)].at(-1)?.[1] ?? ''
  const count = (name: string) => Number(new RegExp(`\\b${name}: (\\d+)`).exec(line)?.[1] ?? 0)
  return { passed: count('pass'), failed: count('fail') }
}
