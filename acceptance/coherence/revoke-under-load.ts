import { randomInt } from 'node:crypto'
import { until } from '../support/until.ts'
import type { Cluster, TestToken } from './cluster.ts'
import { History } from './history.ts'
import { startLoad } from './load.ts'

/** Something that goes on beside the revocations until `over` is aborted, and is healed when it settles. */
export type Fault = (over: AbortSignal) => Promise<void>

export interface Revocations {
  readonly count: number
  readonly fault: Fault
  /** The gateways that are asked to revoke; all of them when left out. */
  readonly through?: readonly number[]
  /** Put behind each call, such as `?wait=false`. */
  readonly query?: string
  /** Called right before each call. */
  readonly beforeEach?: (token: TestToken, gateway: number) => void
}

const REVOKED_AT_ONCE = 3
const NOTICED_WITHIN_MS = 3_000
const PROBES = 2
/** A call fails while what it needs is down; its effect, if any, must be confirmed by asking again. */
const ANSWERED_WITHIN_MS = 60_000

/**
 * Revokes tokens, several at once, while clients use them and something is broken. Answers the history; every
 * revocation in it was answered in the end.
 */
export async function revokeUnderLoad(cluster: Cluster, revocations: Revocations): Promise<History> {
  const { count, fault, query = '', beforeEach = () => undefined } = revocations
  const through = revocations.through ?? [...cluster.gateways.keys()]
  const history = new History()
  const waiting = await cluster.createTokens(count)
  const load = startLoad(cluster, history)
  const over = new AbortController()
  const breaking = fault(over.signal)

  async function revokeOne(token: TestToken): Promise<void> {
    load.add(token)
    await everywhereInUse(cluster, history, token)
    await until('the revocation is answered', ANSWERED_WITHIN_MS, async () => {
      const gateway = through[randomInt(through.length)] ?? 0
      beforeEach(token, gateway)
      return cluster.revoke(history, token, gateway, query)
    })
    await Promise.all(cluster.gateways.map((_, gateway) => probe(cluster, history, token, gateway)))
  }

  async function revokeInTurn(): Promise<void> {
    for (let token = waiting.pop(); token !== undefined; token = waiting.pop()) await revokeOne(token)
  }

  try {
    await Promise.all(Array.from({ length: REVOKED_AT_ONCE }, revokeInTurn))
  } finally {
    over.abort()
    await breaking
    await load.stop()
  }
  return history
}

/** A token that no gateway remembers proves little. A gateway that is out of order is not insisted on. */
async function everywhereInUse(cluster: Cluster, history: History, { id }: TestToken): Promise<void> {
  await until('every gateway has accepted the token', NOTICED_WITHIN_MS, async () =>
    cluster.gateways.every((_, gateway) => history.count(id, gateway, 'accepted') > 0)
  ).catch(() => undefined)
}

/** What begins right after the answer is the hardest to get right. A stopped gateway answers later, and is not waited for. */
async function probe(cluster: Cluster, history: History, token: TestToken, gateway: number): Promise<void> {
  const probing = Promise.all(Array.from({ length: PROBES }, () => cluster.use(history, token, gateway)))
  await until('the gateway answers', NOTICED_WITHIN_MS, () => settled(probing)).catch(() => undefined)
}

function settled(promise: Promise<unknown>): Promise<boolean> {
  return Promise.race([promise.then(() => true), new Promise<boolean>((resolve) => setTimeout(resolve, 25, false))])
}
