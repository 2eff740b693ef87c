import type { IncomingMessage } from 'node:http'
import { ANY, type Ask, isEntityId, isGroupSlug, type Operation } from '@patgate/domain'
import { Fault } from '@patgate/service-kit'
import type { CompiledRoute, Protection } from '../routing/compile-route.ts'

/**
 * What a request asks for, read from its method and path alone: no credential has been looked at. Throws 405 for a
 * method without an operation, and 404 for a group or an entity that cannot exist.
 */
export function askOf(
  { allow }: CompiledRoute,
  protection: Protection,
  request: IncomingMessage,
  segments: readonly string[]
): Ask {
  const { groupOf, entityIdOf, access } = protection
  const operation = operationOf(protection, request, allow)
  const group = groupOf(segments) ?? ANY
  const entityId = entityIdOf(segments)
  if (group !== ANY && !isGroupSlug(group)) throw new Fault('not_found')
  if (!isEntityId(entityId)) throw new Fault('not_found')
  return { group, entityType: access.entityType, entityId, operation }
}

function operationOf({ access, operations }: Protection, request: IncomingMessage, allow: string): Operation {
  if (request.headers.upgrade !== undefined) {
    if (access.websocket === null) throw new Fault('invalid_request', { detail: 'This route admits no upgrades' })
    throw new Fault('not_implemented', { detail: 'WebSocket upgrades are not forwarded yet' })
  }
  if (access.operations.kind === 'graphql') {
    throw new Fault('not_implemented', { detail: 'GraphQL documents are not decided on yet' })
  }
  const operation = operations.get(request.method ?? '')
  if (operation === undefined) throw new Fault('method_not_allowed', { headers: { allow } })
  return operation
}
