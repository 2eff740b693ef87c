/** What was measured beside its goal, told at once and again as a whole at the end. */
export interface Report {
  row(row: Row): void
  /** Everything, as a table for `bench/RESULTS.md`. */
  table(): string
}

export interface Row {
  readonly what: string
  readonly measured: string
  readonly goal: string
  readonly isMet: boolean
}

export function createReport(): Report {
  const rows: Row[] = []
  return {
    row(row) {
      rows.push(row)
      console.log(`${row.what}: ${row.measured} (goal ${row.goal}: ${verdict(row)})`)
    },
    table: () =>
      [
        '| what | measured | goal |',
        '| --- | ---: | --- |',
        ...rows.map((row) => `| ${row.what} | ${row.measured} | ${row.goal}: ${verdict(row)} |`)
      ].join('\n')
  }
}

function verdict({ isMet }: Row): string {
  return isMet ? 'met' : '**missed**'
}

export function whole(value: number): string {
  return Math.round(value).toLocaleString('en')
}

export function percentile(times: readonly number[], share: number): number {
  const sorted = times.toSorted((a, b) => a - b)
  return sorted[Math.ceil(share * sorted.length) - 1] ?? Number.NaN
}
