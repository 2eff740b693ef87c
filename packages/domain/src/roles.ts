import { bitsOf, type Operation, type OperationBits } from './operations.ts'

/** Roles in a group, lowest first; each adds to the one below (api.md, "Groups, members, bots, users"). */
export const ROLES = ['guest', 'uploader', 'analyst', 'maintainer', 'owner'] as const

export type Role = (typeof ROLES)[number]

/** The number by which roles are compared; gaps leave room for roles to come. */
export const ROLE_LEVELS: Readonly<Record<Role, number>> = {
  guest: 10,
  uploader: 20,
  analyst: 30,
  maintainer: 40,
  owner: 50
}

/** What each role adds to the one below it, unless `patgate.yaml` says otherwise. */
export const DEFAULT_ROLE_ADDITIONS: Readonly<Record<Role, readonly Operation[]>> = {
  guest: ['read', 'list', 'subscribe'],
  uploader: ['create', 'publish'],
  analyst: ['update'],
  maintainer: ['delete', 'share', 'unshare'],
  owner: []
}

/** Which operations each role holds, compiled once from the additions of the ladder. */
export type RoleLadder = Readonly<Record<Role, OperationBits>>

export function isRole(name: string): name is Role {
  return Object.hasOwn(ROLE_LEVELS, name)
}

/**
 * Compiles the ladder. `additions` replaces what the named roles add; every role still holds
 * what the ones below it hold.
 */
export function compileLadder(additions: Partial<Record<Role, readonly Operation[]>> = {}): RoleLadder {
  const ladder: Record<Role, OperationBits> = { guest: 0, uploader: 0, analyst: 0, maintainer: 0, owner: 0 }
  let held: OperationBits = 0
  for (const role of ROLES) {
    held |= bitsOf(additions[role] ?? DEFAULT_ROLE_ADDITIONS[role])
    ladder[role] = held
  }
  return Object.freeze(ladder)
}

/** True when `role` ranks at least as high as `floor`. */
export function ranksAtLeast(role: Role, floor: Role): boolean {
  return ROLE_LEVELS[role] >= ROLE_LEVELS[floor]
}

/** The lower of two roles: a token's access level is a ceiling on its owner's role. */
export function lowerRole(one: Role, other: Role): Role {
  return ROLE_LEVELS[one] <= ROLE_LEVELS[other] ? one : other
}
