import { ROLE_LEVELS } from '@patgate/domain'
import type { Standing } from './token-authority.ts'

/** An owner ranks lowest: what they ended themselves, whoever is in charge may lift. */
export const OWNER_RANK = 0
export const ADMIN_RANK = 100

/** How high a caller ranks who revokes: kept, so that nobody below lifts it (api.md, `restore`). */
export function revokingRank(standing: Standing): number {
  if (standing.kind === 'manager') return ROLE_LEVELS[standing.role]
  return standing.kind === 'admin' ? ADMIN_RANK : OWNER_RANK
}

/** How high a caller ranks who restores: an administrator counts as one, in whatever capacity they act. */
export function restoringRank(standing: Standing, isAdmin: boolean): number {
  return isAdmin ? ADMIN_RANK : revokingRank(standing)
}
