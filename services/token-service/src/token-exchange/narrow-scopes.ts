import { ANY, type Ask, compileScopes, type Scope, scopesOf } from '@patgate/domain'

/** What is both asked for and allowed, in normal form: where one side says `*`, the other counts. */
export function narrowScopes(rights: readonly Scope[], asks: readonly Ask[]): Scope[] {
  return scopesOf(compileScopes(asks.flatMap((ask) => rights.flatMap((right) => commonTo(right, ask)))))
}

function commonTo(right: Scope, ask: Ask): Scope[] {
  if (right.entityType !== ask.entityType || !right.operations.includes(ask.operation)) return []
  const group = narrower(right.group, ask.group)
  const entityId = narrower(right.entityId, ask.entityId)
  return group === null || entityId === null
    ? []
    : [{ group, entityId, entityType: ask.entityType, operations: [ask.operation] }]
}

function narrower(one: string, other: string): string | null {
  if (one === other || other === ANY) return one
  return one === ANY ? other : null
}
