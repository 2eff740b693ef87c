/** The nine operations, on any entity type (mission.md). The order is the order of their bits: never change it, only append. */
export const OPERATIONS = [
  'create',
  'read',
  'list',
  'update',
  'delete',
  'share',
  'unshare',
  'publish',
  'subscribe'
] as const

export type Operation = (typeof OPERATIONS)[number]

/** A set of operations as bits: bit `i` stands for `OPERATIONS[i]`. */
export type OperationBits = number

export const NO_OPERATIONS: OperationBits = 0
export const ALL_OPERATIONS: OperationBits = (1 << OPERATIONS.length) - 1

export const OPERATION_MEANINGS: Readonly<Record<Operation, string>> = {
  create: 'create a new entity',
  read: 'read/view an entity',
  list: 'list entities',
  update: 'update/modify an entity',
  delete: 'delete an entity',
  share: 'share an entity with others',
  unshare: 'remove sharing permissions',
  publish: 'publish messages to a channel',
  subscribe: 'subscribe to messages from a channel'
}

const BIT_OF: ReadonlyMap<string, OperationBits> = new Map(
  OPERATIONS.map((operation, index) => [operation, 1 << index])
)

export function isOperation(name: string): name is Operation {
  return BIT_OF.has(name)
}

/** The bit of one operation. */
export function bitOf(operation: Operation): OperationBits {
  return BIT_OF.get(operation) ?? NO_OPERATIONS
}

/** The bits of a list; repeats change nothing. */
export function bitsOf(operations: Iterable<Operation>): OperationBits {
  let bits = NO_OPERATIONS
  for (const operation of operations) bits |= bitOf(operation)
  return bits
}

/** The operations of a set, in the order of `OPERATIONS`. */
export function operationsOf(bits: OperationBits): Operation[] {
  return OPERATIONS.filter((_, index) => (bits & (1 << index)) !== 0)
}
