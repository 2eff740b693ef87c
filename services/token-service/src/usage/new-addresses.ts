import ipaddr from 'ipaddr.js'
import { sql } from 'kysely'
import type { Write } from '../database/schema.ts'
import type { Letter, Postbox } from '../mail/postbox.ts'
import { type ResponsibleFor, readResponsible } from '../mail/responsible-people.ts'
import type { AddressUse } from './merge-reports.ts'

const IPV6_NETWORK_BITS = 64

/** What counts as one place: an IPv4 address, or the /64 out of which one IPv6 machine draws ever new addresses. */
export function networkOf(address: string): string {
  if (!ipaddr.isValid(address)) return address
  const parsed = ipaddr.process(address)
  if (parsed.kind() === 'ipv4') return parsed.toString()
  return ipaddr.IPv6.networkAddressFromCIDR(`${parsed.toString()}/${IPV6_NETWORK_BITS}`).toString()
}

export interface AddressNoticeDeps {
  readonly postbox: Postbox
  readonly now: Date
}

/**
 * Tells whoever is responsible that a token was used from where it never was used before: at most once a day and token,
 * and not of its very first use. Call it before the uses are added, in the same transaction: so each is told once.
 */
export async function tellOfNewAddresses(
  transaction: Write,
  uses: readonly AddressUse[],
  { postbox, now }: AddressNoticeDeps
): Promise<void> {
  const news = await newPlaces(transaction, uses)
  if (news.size === 0) return
  const told = await sql<{ token_id: string }>`
    insert into address_notices (token_id, day)
    select id, ${now.toISOString().slice(0, 10)}::date from tokens where id = any(${[...news.keys()]}::uuid[])
    on conflict do nothing
    returning token_id`.execute(transaction)
  const tokens = await readResponsible(
    transaction,
    told.rows.map(({ token_id }) => token_id)
  )
  const letters = tokens.flatMap((token) => addressLetters(token, news.get(token.id) ?? ''))
  await postbox.post(transaction, letters, now)
}

/** By token, one address that is new to it. */
async function newPlaces(transaction: Write, uses: readonly AddressUse[]): Promise<Map<string, string>> {
  const asked = uses
    .filter(({ address }) => address !== '*')
    .map(({ token_id, address }) => ({ token_id, address, network: networkOf(address) }))
  if (asked.length === 0) return new Map()
  const { rows } = await sql<{ token_id: string; address: string }>`
    select asked.token_id, min(asked.address) as address
    from jsonb_to_recordset(${JSON.stringify(asked)}::jsonb) as asked (token_id uuid, address text, network text)
    where exists (select from token_addresses known where known.token_id = asked.token_id)
      and not exists (
        select from token_addresses known where known.token_id = asked.token_id and known.network = asked.network
      )
    group by asked.token_id`.execute(transaction)
  return new Map(rows.map(({ token_id, address }) => [token_id, address]))
}

function addressLetters(token: ResponsibleFor, address: string): Letter[] {
  const subject = `Token used from a new address: ${token.name}`
  const text = [
    `A personal access token ${token.whose} was used from ${address}, where it had never been used from before:`,
    '',
    `  name  ${token.name}`,
    `  hint  ${token.hint}`,
    `  id    ${token.id}`,
    '',
    'If that was nobody of yours, revoke the token now; its exposure shows what it did.'
  ].join('\n')
  return token.recipients.map(({ email }) => ({ recipient: email, subject, text }))
}
