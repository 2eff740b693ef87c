import type { Logger } from '@patgate/service-kit'
import { sql } from 'kysely'
import { BY_SERVICE } from '../changes/event.ts'
import { type ChangeDeps, commitChange } from '../changes/record-change.ts'
import type { Database } from '../database/schema.ts'
import { hashPassword } from '../sessions/password.ts'
import { insertPerson, userCreated } from './insert-person.ts'

export interface FirstAdministrator {
  readonly email: string
  readonly password: string
}

// Any number will do, as long as every replica takes the same one.
const FIRST_ADMINISTRATOR_LOCK = 7_280_002

/** Creates the administrator where there is none yet. Replicas that start together create one between them. */
export async function createFirstAdministrator(
  deps: ChangeDeps & { readonly logger: Logger },
  wanted: FirstAdministrator | null
): Promise<void> {
  if (await hasAdministrator(deps.database)) return
  if (wanted === null) {
    deps.logger.warn('nobody can administer this instance: set ADMIN_EMAIL and ADMIN_PASSWORD, and start again')
    return
  }
  const passwordHash = await hashPassword(wanted.password)
  await commitChange(deps, async (transaction) => {
    await sql`select pg_advisory_xact_lock(${FIRST_ADMINISTRATOR_LOCK})`.execute(transaction)
    if (await hasAdministrator(transaction)) return { result: null, changes: [] }
    const person = { email: wanted.email, name: 'Administrator', admin: true, passwordHash }
    const user = await insertPerson(transaction, person, deps.clock.now())
    if (user === null) throw new Error('ADMIN_EMAIL belongs to somebody who is no administrator')
    return { result: null, changes: [{ selector: null, event: userCreated(user, BY_SERVICE) }] }
  })
}

async function hasAdministrator(database: Database): Promise<boolean> {
  const found = await database.selectFrom('users').select('id').where('admin', '=', true).limit(1).executeTakeFirst()
  return found !== undefined
}
