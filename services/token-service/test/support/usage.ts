import { randomUUID } from 'node:crypto'
import type { UsageReport } from '@patgate/contracts'

export type Use = UsageReport['uses'][number]

/** A gateway's reports, numbered as it numbers them. */
export function reporting() {
  const boot = randomUUID()
  let flush = 0
  return (uses: Use[], addresses: UsageReport['addresses'] = []): UsageReport => {
    flush++
    return { version: 1, gateway: 'test', boot, flush, uses, addresses }
  }
}

/** One use of a token at a time; the fields that matter to the test replace the usual ones. */
export function useOf(tokenId: string, atMs: number, fields: Partial<Use> = {}): Use {
  const at = new Date(atMs).toISOString()
  return {
    token_id: tokenId,
    issued_at: at,
    day: at.slice(0, 10),
    group: 'crew',
    entity_type: 'dashboard',
    entity_id: 'a',
    operation: 'read',
    count: 1,
    first_at: at,
    last_at: at,
    ...fields
  }
}

export function addressOf(tokenId: string, atMs: number, address: string, count = 1): UsageReport['addresses'][number] {
  const at = new Date(atMs).toISOString()
  return { token_id: tokenId, day: at.slice(0, 10), address, count, first_at: at, last_at: at }
}
