import type { CreateTokenBody, TokenWithSecret } from '@patgate/contracts'
import { mintToken } from '@patgate/token-format'
import { v7 as uuidv7 } from 'uuid'
import type { Caller } from '../authentication/caller.ts'
import type { ChangeDeps } from '../changes/record-change.ts'
import type { Write } from '../database/schema.ts'
import { type CommittedOnce, commitOnce } from '../idempotency/commit-once.ts'
import type { RepeatableCall } from '../idempotency/repeatable-call.ts'
import { policyFor } from '../policy/policy-for.ts'
import { networksOf } from './allowed-addresses.ts'
import { futureOwner } from './future-owner.ts'
import { type EntityTypes, grantedScopes } from './granted-scopes.ts'
import { lockGroupsOf, lockOwner } from './lock-token.ts'
import { groupsNamed, insertScopes, scopeDetails } from './scope-rows.ts'
import { issueSecret, withSecret } from './secrets.ts'
import { wholeToken } from './token-body.ts'
import { rightsChange } from './token-change.ts'
import { assertExpiryWish, expiryOf } from './token-expiry.ts'
import { assertEntityTypes, assertRoom } from './within-policy.ts'

export interface CreateTokenDeps extends ChangeDeps {
  readonly entityTypes: EntityTypes
  readonly tokenPrefix: string
}

export interface CreateTokenInput {
  readonly caller: Caller
  readonly body: CreateTokenBody
  readonly call: RepeatableCall | null
}

/** Creates a token of the caller's own, or of a bot in their care. Its secret is in this answer and nowhere else. */
export async function createToken(
  deps: CreateTokenDeps,
  { caller, body, call }: CreateTokenInput
): Promise<CommittedOnce<TokenWithSecret>> {
  const nowMs = deps.clock.now()
  assertExpiryWish(body, nowMs)
  const allowedAddresses = networksOf(body.allowed_addresses ?? [])
  const secret = mintToken(deps.tokenPrefix)

  const committed = await commitOnce(deps, call, {
    authorize: (transaction) => futureOwner(transaction, caller, body),
    work: async (transaction, ownerId) => {
      const policy = await policyFor(transaction, { ownerId, groups: groupsNamed(body.scopes) })
      await lockOwner(transaction, ownerId)
      const scopes = grantedScopes(body.scopes, deps.entityTypes, await lockGroupsOf(transaction, ownerId))
      const expiresAt = expiryOf(body, policy, nowMs)
      assertEntityTypes(policy, scopes)
      await assertRoom(transaction, policy, { ownerId, exceptId: null, nowMs })

      const id = uuidv7()
      await insertToken(transaction, { id, ownerId, caller, body, allowedAddresses, expiresAt, now: new Date(nowMs) })
      await insertScopes(transaction, id, scopes)
      await issueSecret(transaction, { tokenId: id, secret, tokenPrefix: deps.tokenPrefix, now: new Date(nowMs) })
      const details = { expires_at: expiresAt?.toISOString() ?? null, scopes: scopeDetails(scopes) }
      // Selects the new digest: somebody may have tried this very string and been remembered as unknown.
      const change = await rightsChange(
        transaction,
        { id, owner_id: ownerId, name: body.name },
        { type: 'token.created', origin: caller.origin, details }
      )
      return { result: await wholeToken(transaction, id, nowMs), changes: [change] }
    }
  })
  return withSecret(committed, secret)
}

interface NewToken {
  readonly id: string
  readonly ownerId: string
  readonly caller: Caller
  readonly body: CreateTokenBody
  readonly allowedAddresses: string[]
  readonly expiresAt: Date | null
  readonly now: Date
}

async function insertToken(transaction: Write, token: NewToken): Promise<void> {
  const { id, ownerId, caller, body, allowedAddresses, expiresAt, now } = token
  await transaction
    .insertInto('tokens')
    .values({
      id,
      owner_id: ownerId,
      name: body.name,
      description: body.description ?? '',
      access_level: body.access_level ?? null,
      created_at: now,
      created_by: caller.principal.user.id,
      updated_at: now,
      expires_at: expiresAt,
      self_rotate: body.self_rotate ?? false,
      allowed_addresses: allowedAddresses,
      rate_limit_requests: body.rate_limit?.requests ?? null,
      rate_limit_per_seconds: body.rate_limit?.per_seconds ?? null
    })
    .execute()
}
