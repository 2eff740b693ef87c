import type { Migrations } from '@patgate/database'
import { firstLight } from './migrations/0001-first-light.ts'

/** Every migration, by the name under which the database remembers that it ran. */
export const migrations: Migrations = {
  '0001-first-light': firstLight
}
