import type { ScopeBody } from '@patgate/contracts'
import { ANY, type Scope } from '@patgate/domain'
import { v7 as uuidv7 } from 'uuid'
import type { Database, Write } from '../database/schema.ts'

/** A scope as it is stored; its id stays the same while its operations grow. */
export interface StoredScope extends Scope {
  readonly id: string
}

/** A token's scopes, in the order in which they are answered. */
export async function scopesOfToken(database: Database, tokenId: string): Promise<StoredScope[]> {
  const rows = await database
    .selectFrom('scopes')
    .selectAll()
    .where('token_id', '=', tokenId)
    .orderBy('group_slug', (order) => order.asc().nullsFirst())
    .orderBy('entity_type')
    .orderBy('entity_id')
    .execute()
  return rows.map((row) => ({
    id: row.id,
    group: row.group_slug ?? ANY,
    entityType: row.entity_type,
    entityId: row.entity_id,
    operations: row.operations
  }))
}

export async function insertScopes(transaction: Write, tokenId: string, scopes: readonly Scope[]): Promise<void> {
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

export async function setOperations(transaction: Write, id: string, operations: Scope['operations']): Promise<void> {
  await transaction
    .updateTable('scopes')
    .set({ operations: [...operations] })
    .where('id', '=', id)
    .execute()
}

export async function deleteScopes(transaction: Write, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return
  await transaction.deleteFrom('scopes').where('id', 'in', ids).execute()
}

/** The groups that scopes name; `*` among them where one covers every group. */
export function groupsNamed(scopes: readonly Pick<Scope, 'group'>[]): Set<string> {
  return new Set(scopes.map(({ group }) => group))
}

export function scopeBody({ id, group, entityType, entityId, operations }: StoredScope): ScopeBody {
  return { id, group, entity_type: entityType, entity_id: entityId, operations: [...operations] }
}

/** Scopes as an event tells of them. */
export function scopeDetails(scopes: readonly Scope[]) {
  return scopes.map(({ group, entityType, entityId, operations }) => ({
    group,
    entity_type: entityType,
    entity_id: entityId,
    operations
  }))
}
