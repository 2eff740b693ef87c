import type { ResolveAnswer, Snapshot } from '@patgate/contracts'
import { bitOf, type Decision, formatAsk, ROLES, type Role, type RoleLadder } from '@patgate/domain'

type Refusal = Extract<ResolveAnswer, { valid: false }>['refusal']
type Allowed = Extract<Decision, { allowed: true }>
type Denied = Extract<Decision, { allowed: false }>

const REFUSALS: Readonly<Record<Refusal, string>> = {
  unknown: 'There is no such token',
  revoked: 'The token is revoked, or this secret of it was replaced',
  expired: 'The token has expired',
  owner_disabled: 'The owner of the token is disabled',
  session_ended: 'The session has ended'
}

/** Why a token may do nothing at all. */
export function refusedBecause(refusal: Refusal): string {
  return REFUSALS[refusal]
}

export function allowedBecause({ allowed_addresses: networks }: Snapshot, { matchedScope, role }: Allowed): string {
  const scope = matchedScope === null ? '' : `The scope ${formatAsk(matchedScope)} covers it`
  const owner = role === null ? '' : `, and the owner's role ${role} allows it`
  const where = networks.length === 0 ? '' : `, from ${networks.join(', ')} only`
  return `${scope}${owner}${where}`
}

/** Names both obstacles where there are two, so that nobody removes one and meets the other. */
export function wouldBeDenied({ code, required, role }: Denied, ladder: RoleLadder): string {
  const needed = lowestRoleFor(ladder, bitOf(required.operation))
  const isRoleEnough = role !== null && (ladder[role] & bitOf(required.operation)) !== 0
  const owner = `the owner ${role === null ? 'has no role' : `is only ${role}`} in the group ${required.group}`
  const needs = needed === null ? 'no role allows it' : `it takes ${needed}`
  if (code === 'owner_not_permitted') return `A scope covers it, but ${owner}, and ${needs}`
  const scope = `No scope of the token covers ${formatAsk(required)}`
  return required.group === '*' || isRoleEnough ? scope : `${scope}; besides, ${owner}, and ${needs}`
}

function lowestRoleFor(ladder: RoleLadder, bit: number): Role | null {
  return ROLES.find((role) => (ladder[role] & bit) !== 0) ?? null
}
