/** Events of one boot, in order and without a hole, as they travel. */
export interface Batch {
  readonly boot: string
  readonly firstSeq: number
  readonly lastSeq: number
  /** An `EventBatch` as JSON, put together from events that are JSON already. */
  readonly body: Buffer
}

export const BATCH_EVENTS = 500
export const BATCH_BYTES = 512 * 1024

const OPENING = Buffer.from('{"version":1,"events":[')
const COMMA = Buffer.from(',')
const CLOSING = Buffer.from(']}')

export function encodeBatch(boot: string, firstSeq: number, events: readonly Buffer[]): Batch {
  const parts = events.flatMap((event, index) => [index === 0 ? OPENING : COMMA, event])
  return { boot, firstSeq, lastSeq: firstSeq + events.length - 1, body: Buffer.concat([...parts, CLOSING]) }
}
