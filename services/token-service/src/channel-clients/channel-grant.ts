import { type Snapshot, scopeFromWire } from '@patgate/contracts'
import {
  ANY,
  type Ask,
  CHANNEL_ENTITY_TYPE,
  decide,
  formatSubject,
  isChannelName,
  type Operation,
  type RoleLadder
} from '@patgate/domain'
import { isCappedIn, subjectIn } from '../resolve/subject-in.ts'

/** What a client may say and hear, and until when that is so at the latest. */
export interface ChannelGrant {
  /** What is allowed, as it would be asked for; the entity is a channel, or `*` for all of the group. */
  readonly rights: readonly Ask[]
  /** The same as NATS subjects. */
  readonly publish: readonly string[]
  readonly subscribe: readonly string[]
  /** Null where nothing ends it by itself. */
  readonly endsAtMs: number | null
}

const RULES = { ownerCheck: 'role', sessions: false } as const

/**
 * The token's scopes on channels, as far as its owner's roles allow them now (channels.md, "MQTT and native NATS"). Each is
 * put to the one decision that every other plane asks, so that none of them can know better.
 */
export function channelGrantOf(snapshot: Snapshot, ladder: RoleLadder, nowMs: number): ChannelGrant {
  const subject = subjectIn(snapshot)
  // What cannot be a channel's name must never become part of a subject.
  const rights = asksIn(snapshot)
    .filter(({ entityId }) => entityId === ANY || isChannelName(entityId))
    .filter((ask) => !isCappedIn(snapshot, ask.group, nowMs) && decide(subject, ask, ladder, RULES).allowed)
  return {
    rights,
    publish: subjectsFor(rights, 'publish'),
    subscribe: subjectsFor(rights, 'subscribe'),
    endsAtMs: endOf(snapshot, new Set(rights.map(({ group }) => group)))
  }
}

/** Everything that the scopes speak of, one by one; a scope on all groups speaks of those that the owner is in. */
function asksIn({ scopes, roles }: Snapshot): Ask[] {
  return (scopes ?? [])
    .map(scopeFromWire)
    .filter(({ entityType }) => entityType === CHANNEL_ENTITY_TYPE)
    .flatMap(({ group, entityType, entityId, operations }) =>
      (group === ANY ? Object.keys(roles) : [group]).flatMap((each) =>
        operations.filter(isOnMessages).map((operation) => ({ group: each, entityType, entityId, operation }))
      )
    )
}

function isOnMessages(operation: Operation): boolean {
  return operation === 'publish' || operation === 'subscribe'
}

function subjectsFor(rights: readonly Ask[], operation: Operation): string[] {
  return [...new Set(rights.filter((right) => right.operation === operation).flatMap(subjectsBelow))].sort()
}

/** A channel and everything below it. */
function subjectsBelow({ group, entityId }: Ask): string[] {
  if (entityId === ANY) return [`m.${group}.c.>`]
  const channel = formatSubject({ group, channel: entityId, subtopic: [] })
  return [channel, `${channel}.>`]
}

/** The token's own end, or the moment at which a group's cap on lifetimes takes away a part of what is granted. */
function endOf({ expires_at, group_caps = {} }: Snapshot, groups: ReadonlySet<string>): number | null {
  const caps = Object.entries(group_caps).flatMap(([group, at]) => (groups.has(group) ? [Date.parse(at)] : []))
  const ends = expires_at === null ? caps : [Date.parse(expires_at), ...caps]
  return ends.length === 0 ? null : Math.min(...ends)
}
