import type { CreateTokenBody, TokenWithSecret } from '@patgate/contracts'
import { ANY, type Scope } from '@patgate/domain'
import { Fault } from '@patgate/service-kit'
import { digestOf, hintOf, mintToken } from '@patgate/token-format'
import { v7 as uuidv7 } from 'uuid'
import type { Caller } from '../authentication/caller.ts'
import { type Change, type ChangeDeps, commitChange } from '../changes/record-change.ts'
import type { Write } from '../database/schema.ts'
import { networksOf } from './allowed-addresses.ts'
import { type EntityTypes, grantedScopes } from './granted-scopes.ts'
import { BUILT_IN_POLICY } from './instance-policy.ts'
import { wholeToken } from './token-body.ts'
import { expiryOf } from './token-expiry.ts'

export interface CreateTokenDeps extends ChangeDeps {
  readonly entityTypes: EntityTypes
  readonly tokenPrefix: string
}

export interface CreateTokenInput {
  readonly caller: Caller
  readonly body: CreateTokenBody
}

/** Creates a token of the caller's own. Its secret is in this answer and nowhere else. */
export async function createToken(deps: CreateTokenDeps, { caller, body }: CreateTokenInput): Promise<TokenWithSecret> {
  const { user } = caller.principal
  // Tokens of bots are made by their group's maintainers, and there are no bots yet.
  if (body.owner !== undefined && body.owner !== user.id) throw new Fault('not_found')
  const nowMs = deps.clock.now()
  const expiresAt = expiryOf(body, BUILT_IN_POLICY, nowMs)
  const allowedAddresses = networksOf(body.allowed_addresses ?? [])
  const id = uuidv7()
  const secret = mintToken(deps.tokenPrefix)

  const { result } = await commitChange(deps, async (transaction) => {
    const groups = await groupsOf(transaction, user.id)
    const scopes = grantedScopes(body.scopes, deps.entityTypes, groups)
    await transaction
      .insertInto('tokens')
      .values({
        id,
        owner_id: user.id,
        name: body.name,
        description: body.description ?? '',
        access_level: body.access_level ?? null,
        created_at: new Date(nowMs),
        created_by: user.id,
        updated_at: new Date(nowMs),
        expires_at: expiresAt,
        self_rotate: body.self_rotate ?? false,
        allowed_addresses: allowedAddresses,
        rate_limit_requests: body.rate_limit?.requests ?? null,
        rate_limit_per_seconds: body.rate_limit?.per_seconds ?? null
      })
      .execute()
    await transaction
      .insertInto('secrets')
      .values({
        digest: digestOf(secret),
        token_id: id,
        hint: hintOf(secret, deps.tokenPrefix),
        issued_at: new Date(nowMs)
      })
      .execute()
    await insertScopes(transaction, id, scopes)
    const changes = [created(id, secret, caller, body.name, expiresAt, scopes)]
    return { result: await wholeToken(transaction, id, nowMs), changes }
  })
  return { ...result, secret }
}

/** The roles' rows are locked: a membership that ends at this moment is over before the token exists, or after. */
async function groupsOf(transaction: Write, userId: string): Promise<Set<string>> {
  const rows = await transaction
    .selectFrom('memberships')
    .select('group_slug')
    .where('user_id', '=', userId)
    .orderBy('group_slug')
    .forShare()
    .execute()
  return new Set(rows.map((row) => row.group_slug))
}

async function insertScopes(transaction: Write, tokenId: string, scopes: readonly Scope[]): Promise<void> {
  if (scopes.length === 0) return
  const rows = scopes.map((scope) => ({
    id: uuidv7(),
    token_id: tokenId,
    group_slug: scope.group === ANY ? null : scope.group,
    entity_type: scope.entityType,
    entity_id: scope.entityId,
    operations: [...scope.operations]
  }))
  await transaction.insertInto('scopes').values(rows).execute()
}

function created(
  id: string,
  secret: string,
  { principal, origin }: Caller,
  name: string,
  expiresAt: Date | null,
  scopes: readonly Scope[]
): Change {
  const details = {
    owner_id: principal.user.id,
    name,
    expires_at: expiresAt?.toISOString() ?? null,
    scopes: scopes.map(({ group, entityType, entityId, operations }) => ({
      group,
      entity_type: entityType,
      entity_id: entityId,
      operations
    }))
  }
  return {
    // Somebody may have tried this very string a moment ago and been remembered as unknown.
    selector: { digests: [digestOf(secret).toString('hex')] },
    event: { type: 'token.created', origin, target: { type: 'token', id }, details }
  }
}
