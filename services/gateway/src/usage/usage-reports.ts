import type { UsageReport } from '@patgate/contracts'
import { type AddressTally, type Counted, DAY_MS, type Tally, type UseTally } from './usage-counter.ts'

export type ReportContent = Pick<UsageReport, 'uses' | 'addresses'>

// A NATS message is at most 1 MiB. An entity id may have 255 characters of up to four bytes.
const USES_PER_REPORT = 600
const ADDRESSES_PER_REPORT = 2_000

/** Divides what was counted into reports that fit into a message each. */
export function* reportContents({ uses, addresses }: Counted): Generator<ReportContent> {
  for (let start = 0; start < uses.length; start += USES_PER_REPORT) {
    yield { uses: uses.slice(start, start + USES_PER_REPORT).map(useOnWire), addresses: [] }
  }
  for (let start = 0; start < addresses.length; start += ADDRESSES_PER_REPORT) {
    yield { uses: [], addresses: addresses.slice(start, start + ADDRESSES_PER_REPORT).map(addressOnWire) }
  }
}

function useOnWire(tally: UseTally): UsageReport['uses'][number] {
  const { group, entityType, entityId, operation } = tally.ask
  return {
    token_id: tally.tokenId,
    issued_at: new Date(tally.issuedAtMs).toISOString(),
    group,
    entity_type: entityType,
    entity_id: entityId,
    operation,
    ...tallyOnWire(tally)
  }
}

function addressOnWire(tally: AddressTally): UsageReport['addresses'][number] {
  return { token_id: tally.tokenId, address: tally.address, ...tallyOnWire(tally) }
}

function tallyOnWire({ day, count, firstAtMs, lastAtMs }: Tally & { readonly day: number }) {
  return {
    day: new Date(day * DAY_MS).toISOString().slice(0, 10),
    count,
    first_at: new Date(firstAtMs).toISOString(),
    last_at: new Date(lastAtMs).toISOString()
  }
}
