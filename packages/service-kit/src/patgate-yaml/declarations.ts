import {
  ALL_OPERATIONS,
  bitsOf,
  compileLadder,
  ENTITY_TYPE_PATTERN,
  OPERATIONS,
  type Operation,
  type OperationBits,
  ROLES,
  type Role,
  type RoleLadder
} from '@patgate/domain'
import type { Located } from './located.ts'
import type { Upstream } from './patgate-file.ts'

/** Every deployment has channels (channels.md). */
export const CHANNEL_ENTITY_TYPE = 'channel'

const DEFAULT_TIMEOUT_MS = 30_000
const DEFAULT_CONNECTIONS = 64
const entityTypeName = new RegExp(ENTITY_TYPE_PATTERN)
const UPSTREAM_NAME = /^[a-z][a-z0-9_-]{0,62}$/

/** `entity_types`: an empty mapping means all nine operations. */
export function readEntityTypes(place: Located | undefined): ReadonlyMap<string, OperationBits> {
  const types = new Map<string, OperationBits>([[CHANNEL_ENTITY_TYPE, bitsOf(['publish', 'subscribe'])]])
  for (const [name, value] of place?.entries() ?? []) {
    if (name === CHANNEL_ENTITY_TYPE) value.fail('the entity type "channel" is built in')
    else if (!entityTypeName.test(name)) value.fail(`"${name}" is not a name of an entity type`)
    else {
      const { operations } = value.members(['operations'])
      types.set(name, operations === undefined ? ALL_OPERATIONS : bitsOf(readOperations(operations)))
    }
  }
  return types
}

export function readOperations(place: Located): Operation[] {
  return place.items().flatMap((item) => readOperation(item) ?? [])
}

export function readOperation(place: Located): Operation | undefined {
  return place.oneOf(OPERATIONS, 'operation')
}

/** `roles`: what a role adds to the one below it. */
export function readRoles(place: Located | undefined): RoleLadder {
  const additions: Partial<Record<Role, readonly Operation[]>> = {}
  const members = place?.members(ROLES) ?? {}
  for (const role of ROLES) {
    const value = members[role]
    const operations = value?.isList() ? value : value?.members(['operations']).operations
    if (operations !== undefined) additions[role] = readOperations(operations)
    else if (value !== undefined) value.fail('needs a list of operations')
  }
  return compileLadder(additions)
}

/** `upstreams`: where requests may be forwarded to, and nowhere else. */
export function readUpstreams(place: Located | undefined): ReadonlyMap<string, Upstream> {
  const upstreams = new Map<string, Upstream>()
  for (const [name, value] of place?.entries() ?? []) {
    const { url, timeout, connections } = value.members(['url', 'timeout', 'connections'])
    if (!UPSTREAM_NAME.test(name)) value.fail(`"${name}" is not a name of an upstream`)
    upstreams.set(
      name,
      Object.freeze({
        name,
        origin: readOrigin(url, value) ?? '',
        timeoutMs: timeout?.durationMs() ?? DEFAULT_TIMEOUT_MS,
        connections: connections?.integer(1, 10_000) ?? DEFAULT_CONNECTIONS
      })
    )
  }
  return upstreams
}

function readOrigin(place: Located | undefined, upstream: Located): string | undefined {
  if (place === undefined) return upstream.fail('the upstream needs a url')
  const text = place.text('an address such as http://127.0.0.1:9101')
  return text === undefined ? undefined : (originOf(text) ?? place.fail(`"${text}" is not an http(s) origin`))
}

/** The origin of an http(s) address without a path, user or query; null when it is anything else. */
export function originOf(text: string): string | null {
  // The URL standard would also take `http:example.org`.
  if (!/^https?:\/\//i.test(text) || !URL.canParse(text)) return null
  const { origin, href } = new URL(text)
  return href === `${origin}/` ? origin : null
}
