import type { RefusedIdentity } from '@patgate/contracts'
import type { Logger } from '@patgate/service-kit'
import type { Change, ChangeDeps } from '../changes/record-change.ts'
import { commitChange } from '../changes/record-change.ts'
import { networkOf } from '../limits/network-of.ts'
import type { ClientRequest } from './client-request.ts'
import { deniedChange } from './connection-events.ts'
import { createGroupCommit } from './group-commit.ts'

/** Records who was not let in. Nobody without a token can fill the log by it (audit.md, "Durability", 6). */
export interface DenialLog {
  /** Never fails, and nobody waits for it. */
  record(request: ClientRequest, reason: string, identity: RefusedIdentity | null): void
  /** Records what was only counted so far. */
  stop(): Promise<void>
}

const WINDOW_MS = 1_000
const SINGLY_PER_NETWORK = 20
const SINGLY = 100

export function openDenialLog(deps: ChangeDeps & { readonly logger: Logger }): DenialLog {
  const underWay = new Set<Promise<unknown>>()
  let byNetwork = new Map<string, number>()
  let singly = 0
  let beyond = 0

  const write = createGroupCommit<Change, null>(async (changes) => {
    await commitChange(deps, async () => ({ result: null, changes }))
    return changes.map(() => null)
  })

  function commit(change: Change): void {
    const writing = write(change).catch((error: unknown) =>
      deps.logger.warn({ err: error }, 'a refusal was not recorded')
    )
    underWay.add(writing)
    void writing.finally(() => underWay.delete(writing))
  }

  function beginWindow(): void {
    if (beyond > 0) commit(deniedChange(null, 'many', null, beyond))
    byNetwork = new Map()
    singly = 0
    beyond = 0
  }

  const timer = setInterval(beginWindow, WINDOW_MS)
  return {
    record(request, reason, identity) {
      const network = networkOf(request.address)
      const count = (byNetwork.get(network) ?? 0) + 1
      if (count > SINGLY_PER_NETWORK || singly >= SINGLY) {
        beyond++
        return
      }
      byNetwork.set(network, count)
      singly++
      commit(deniedChange(request, reason, identity, 1))
    },
    async stop() {
      clearInterval(timer)
      beginWindow()
      await Promise.all(underWay)
    }
  }
}
