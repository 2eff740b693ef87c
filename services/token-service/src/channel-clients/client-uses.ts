import { randomUUID } from 'node:crypto'
import type { UsageReport } from '@patgate/contracts'
import type { Logger } from '@patgate/service-kit'
import { recordLastUse } from '../usage/record-last-use.ts'
import { type RollUpDeps, rollUp } from '../usage/roll-up.ts'
import type { Admission } from './decide-on-client.ts'
import { createGroupCommit } from './group-commit.ts'

/** Counts what clients' tokens are used for, as gateways do for requests. */
export interface ClientUses {
  /** Never fails, and nobody waits for it. */
  count(admission: Admission, address: string): void
  /** Finishes what was counted. */
  stop(): Promise<void>
}

interface Use {
  readonly admission: Admission
  readonly address: string
  readonly at: string
}

/**
 * A connection counts as one use of each right it has: patgate sees none of its messages, and a right that may be in use must
 * never be shown as one that can go.
 */
export function openClientUses(deps: RollUpDeps & { readonly logger: Logger }): ClientUses {
  const boot = randomUUID()
  const underWay = new Set<Promise<unknown>>()
  let flush = 0

  const write = createGroupCommit<Use, null>(async (uses) => {
    flush++
    const report = reportOf(uses, boot, flush)
    await rollUp(deps, [report])
    await recordLastUse(deps.database, [report])
    return uses.map(() => null)
  })

  return {
    count(admission, address) {
      const at = new Date(deps.clock.now()).toISOString()
      const writing = write({ admission, address, at }).catch((error: unknown) =>
        deps.logger.warn({ err: error }, 'the use of a token by a client was not counted')
      )
      underWay.add(writing)
      void writing.finally(() => underWay.delete(writing))
    },
    async stop() {
      await Promise.all(underWay)
    }
  }
}

function reportOf(uses: readonly Use[], boot: string, flush: number): UsageReport {
  return {
    version: 1,
    gateway: 'nats',
    boot,
    flush,
    uses: uses.flatMap(({ admission, at }) =>
      admission.grant.rights.map(({ group, entityType, entityId, operation }) => ({
        token_id: admission.tokenId,
        issued_at: admission.snapshot.issued_at,
        group,
        entity_type: entityType,
        entity_id: entityId,
        operation,
        ...onceAt(at)
      }))
    ),
    addresses: uses.map(({ admission, address, at }) => ({ token_id: admission.tokenId, address, ...onceAt(at) }))
  }
}

function onceAt(at: string) {
  return { day: at.slice(0, 10), count: 1, first_at: at, last_at: at }
}
