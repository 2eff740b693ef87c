import type { ScopeBody, TokenUsage, UsedBody } from '@patgate/contracts'
import { ANY, type Operation } from '@patgate/domain'

/** One operation that a scope grants, or that was used under a scope that is gone, and how often it was used. */
export interface Grant {
  readonly key: string
  readonly entity: string
  readonly operation: Operation
  readonly isGranted: boolean
  readonly count: number
  readonly lastAt: string | null
}

/** Every operation of every scope, the most used first; then what is not granted any more. */
export function grantsOf({ granted, used }: TokenUsage): Grant[] {
  const grants = granted.flatMap((scope) =>
    scope.operations.map((operation) =>
      grantOf(
        scope,
        operation,
        used.filter((use) => isUnder(use, scope, operation))
      )
    )
  )
  const gone = used.filter(
    (use) => !granted.some((scope) => scope.operations.some((name) => isUnder(use, scope, name)))
  )
  return [
    ...grants.toSorted((one, other) => other.count - one.count),
    ...gone.map((use) => ({ ...grantOf(use, use.operation, [use]), isGranted: false }))
  ]
}

function isUnder(use: UsedBody, scope: ScopeBody, operation: Operation): boolean {
  return (
    use.operation === operation &&
    use.entity_type === scope.entity_type &&
    (scope.group === ANY || use.group === scope.group) &&
    (scope.entity_id === ANY || use.entity_id === scope.entity_id)
  )
}

type Place = Pick<ScopeBody, 'group' | 'entity_type' | 'entity_id'>

function grantOf({ group, entity_type, entity_id }: Place, operation: Operation, uses: readonly UsedBody[]): Grant {
  const entity = `${entity_type} ${entity_id} · ${group}`
  return {
    key: `${entity} ${operation}`,
    entity,
    operation,
    isGranted: true,
    count: uses.reduce((sum, { count }) => sum + count, 0),
    lastAt: uses.map(({ last_at }) => last_at).reduce<string | null>(later, null)
  }
}

function later(one: string | null, other: string): string {
  return one === null || other > one ? other : one
}
