import type { AuditEvent } from '@patgate/contracts'

/** Which numbers of which boots have come: columns of equal length, as PostgreSQL's `unnest` takes them. */
export interface Arrived {
  readonly producers: readonly string[]
  readonly boots: readonly string[]
  /** Each an `int8multirange`, such as `{[1,5],[7,7]}`. */
  readonly seqs: readonly string[]
}

type Key = Pick<AuditEvent, 'producer' | 'boot' | 'seq'>

/** Collects the numbers of events, in whatever order they come and however often. */
export function arrivedOf(events: readonly Key[]): Arrived {
  // Boots are all of one length, so no two keys have the same text.
  const byBoot = Object.values(Object.groupBy(events, ({ producer, boot }) => `${boot} ${producer}`)) as Key[][]
  return {
    producers: byBoot.map(([first]) => first?.producer ?? ''),
    boots: byBoot.map(([first]) => first?.boot ?? ''),
    seqs: byBoot.map((keys) => multirangeOf(keys.map(({ seq }) => seq)))
  }
}

/** PostgreSQL joins stretches that overlap or touch; joining them here keeps the text short. */
function multirangeOf(seqs: number[]): string {
  const stretches: [first: number, last: number][] = []
  for (const seq of seqs.sort((one, other) => one - other)) {
    const stretch = stretches.at(-1)
    if (stretch !== undefined && seq <= stretch[1] + 1) stretch[1] = seq
    else stretches.push([seq, seq])
  }
  return `{${stretches.map(([first, last]) => `[${first},${last}]`).join(',')}}`
}
