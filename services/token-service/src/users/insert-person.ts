import { sql } from 'kysely'
import { v7 as uuidv7 } from 'uuid'
import type { EventDraft, Origin } from '../changes/event.ts'
import type { UserRow, Write } from '../database/schema.ts'

export interface NewPerson {
  readonly email: string
  readonly name: string
  readonly admin: boolean
  readonly passwordHash: string | null
}

/** Adds a person; null when the email, in whatever case, is taken. */
export async function insertPerson(transaction: Write, person: NewPerson, nowMs: number): Promise<UserRow | null> {
  const now = new Date(nowMs)
  const inserted = await transaction
    .insertInto('users')
    .values({
      id: uuidv7(),
      kind: 'human',
      email: person.email,
      name: person.name,
      admin: person.admin,
      disabled_at: null,
      password_hash: person.passwordHash,
      created_at: now,
      updated_at: now
    })
    .onConflict((conflict) => conflict.expression(sql`lower(email)`).doNothing())
    .returningAll()
    .executeTakeFirst()
  return inserted ?? null
}

export function userCreated(user: UserRow, origin: Origin): EventDraft {
  const details = { email: user.email, name: user.name, admin: user.admin }
  return { type: 'user.created', origin, target: { type: 'user', id: user.id }, details }
}
