import type { Operation } from '@patgate/domain'
import type { ColumnType, Generated } from 'kysely'

/** Notices of a coming expiry that were given; a token with a new expiry begins anew. */
export interface ExpiryNoticesTable {
  token_id: string
  expires_at: Date
  /** How long before the expiry it was due. */
  lead_ms: number
  given_at: Date
}

/** Mails that are to be sent; written in the transaction that has something to tell, sent afterwards. */
export interface MailsTable {
  id: string
  recipient: string
  subject: string
  text: string
  created_at: Date
  due_at: Date
  attempts: ColumnType<number, number | undefined, number>
  last_error: ColumnType<string | null, string | null | undefined, string | null>
}

/** What tokens did, per UTC day. Its rows name tokens without a foreign key: counting must never wait for a token. */
export interface TokenUsageTable {
  token_id: string
  day: string
  group_slug: string
  entity_type: string
  entity_id: string
  operation: Operation
  count: number
  first_at: Date
  last_at: Date
}

/** From where tokens were used, per UTC day; `*` for the addresses beyond those counted apart. */
export interface TokenAddressesTable {
  token_id: string
  day: string
  address: string
  /** The address, or the /64 of an IPv6 one. */
  network: string
  count: number
  first_at: Date
  last_at: Date
}

/** When somebody was told that a token was used from a new address. */
export interface AddressNoticesTable {
  token_id: string
  day: string
}

/** Which reports are rolled up already: each counts once, however often it comes. */
export interface UsageReportsTable {
  boot: string
  flush: number
  received_at: Generated<Date>
}

export interface MaintenanceTables {
  expiry_notices: ExpiryNoticesTable
  mails: MailsTable
  token_usage: TokenUsageTable
  token_addresses: TokenAddressesTable
  address_notices: AddressNoticesTable
  usage_reports: UsageReportsTable
}
