/** Adds one item to the next batch; resolves with what became of it, rejects when its batch could not be written. */
export type GroupCommit<Item, Outcome> = (item: Item) => Promise<Outcome>

interface Waiting<Item, Outcome> {
  readonly item: Item
  readonly outcome: PromiseWithResolvers<Outcome>
}

const MOST_TOGETHER = 200

/**
 * Writes together what arrives while the last batch is being written: one client costs a transaction, a thousand that come
 * back at once cost a few. `write` answers one outcome for each item, in their order.
 */
export function createGroupCommit<Item, Outcome>(
  write: (items: readonly Item[]) => Promise<readonly Outcome[]>
): GroupCommit<Item, Outcome> {
  const waiting: Waiting<Item, Outcome>[] = []
  let isWriting = false

  async function writeAll(): Promise<void> {
    isWriting = true
    for (let batch = waiting.splice(0, MOST_TOGETHER); batch.length > 0; batch = waiting.splice(0, MOST_TOGETHER)) {
      await writeBatch(batch)
    }
    isWriting = false
  }

  async function writeBatch(batch: readonly Waiting<Item, Outcome>[]): Promise<void> {
    try {
      const outcomes = await write(batch.map(({ item }) => item))
      for (const [index, { outcome }] of batch.entries()) outcome.resolve(outcomes[index] as Outcome)
    } catch (error) {
      for (const { outcome } of batch) outcome.reject(error)
    }
  }

  return (item) => {
    const outcome = Promise.withResolvers<Outcome>()
    waiting.push({ item, outcome })
    if (!isWriting) void writeAll()
    return outcome.promise
  }
}
