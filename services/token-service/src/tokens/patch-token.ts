import type { PatchTokenBody, TokenBody } from '@patgate/contracts'
import { invalidField } from '@patgate/service-kit'
import type { Caller } from '../authentication/caller.ts'
import { type ChangeDeps, commitChange } from '../changes/record-change.ts'
import type { TokenRow, Write } from '../database/schema.ts'
import { networksOf } from './allowed-addresses.ts'
import { lockToken } from './lock-token.ts'
import { endOverlaps } from './secrets.ts'
import { authorize } from './token-authority.ts'
import { wholeToken } from './token-body.ts'
import { rightsChange, tokenChange } from './token-change.ts'
import { futureMs } from './token-expiry.ts'

export interface PatchTokenInput {
  readonly caller: Caller
  readonly id: string
  readonly body: PatchTokenBody
}

/** The columns that may be changed while the token goes on working. */
type Changeable = Pick<
  TokenRow,
  | 'name'
  | 'description'
  | 'allowed_addresses'
  | 'rate_limit_requests'
  | 'rate_limit_per_seconds'
  | 'self_rotate'
  | 'expires_at'
>

// Of these no snapshot knows anything, so nobody has to forget one.
const WITHOUT_EFFECT: ReadonlySet<string> = new Set(['name', 'description', 'self_rotate'])

/** Changes a token that goes on working. What is absent stays; what is as wanted already changes nothing. */
export async function patchToken(deps: ChangeDeps, { caller, id, body }: PatchTokenInput): Promise<TokenBody> {
  const networks = body.allowed_addresses === undefined ? undefined : networksOf(body.allowed_addresses)
  const { result } = await commitChange(deps, async (transaction) => {
    await authorize(transaction, id, caller.principal, 'change')
    const token = await lockToken(transaction, id)
    const nowMs = deps.clock.now()
    const wished = {
      ...columnsOf(body, token, nowMs),
      ...(networks === undefined ? {} : { allowed_addresses: networks })
    }
    const changed = differing(token, wished)
    if (changed.length === 0) return { result: await wholeToken(transaction, id, nowMs), changes: [] }
    await update(transaction, id, wished, new Date(nowMs))
    const renamed = { ...token, name: wished.name ?? token.name }
    const event = { type: 'token.updated', origin: caller.origin, details: { changed } } as const
    const change = changed.every((field) => WITHOUT_EFFECT.has(field))
      ? tokenChange(renamed, null, event)
      : await rightsChange(transaction, renamed, event)
    return { result: await wholeToken(transaction, id, nowMs), changes: [change] }
  })
  return result
}

async function update(transaction: Write, id: string, wished: Partial<Changeable>, now: Date): Promise<void> {
  await transaction
    .updateTable('tokens')
    .set({ ...wished, updated_at: now })
    .where('id', '=', id)
    .execute()
  if (wished.expires_at) await endOverlaps(transaction, id, wished.expires_at)
}

function columnsOf(body: PatchTokenBody, token: TokenRow, nowMs: number): Partial<Changeable> {
  const { name, description, rate_limit: rateLimit, self_rotate } = body
  return {
    ...(name === undefined ? {} : { name }),
    ...(description === undefined ? {} : { description }),
    ...(self_rotate === undefined ? {} : { self_rotate }),
    ...(rateLimit === undefined
      ? {}
      : {
          rate_limit_requests: rateLimit?.requests ?? null,
          rate_limit_per_seconds: rateLimit?.per_seconds ?? null
        }),
    ...(body.expires_at === undefined ? {} : { expires_at: earlierExpiry(body.expires_at, token, nowMs) })
  }
}

/** Never is later than every time: null is only accepted where it changes nothing. */
function earlierExpiry(wish: string | null, { expires_at: present }: TokenRow, nowMs: number): Date | null {
  if (wish === null && present !== null) throw invalidField('/expires_at', 'may only move earlier')
  if (wish === null) return null
  const wishedMs = futureMs(wish, nowMs)
  if (present !== null && wishedMs > present.getTime()) throw invalidField('/expires_at', 'may only move earlier')
  return new Date(wishedMs)
}

/** The fields that are different now, by the names the contract gives them. */
function differing(token: TokenRow, wished: Partial<Changeable>): string[] {
  const columns = Object.entries(wished).filter(
    ([column, value]) => JSON.stringify(value) !== JSON.stringify(token[column as keyof Changeable])
  )
  return [...new Set(columns.map(([column]) => (column.startsWith('rate_limit') ? 'rate_limit' : column)))]
}
