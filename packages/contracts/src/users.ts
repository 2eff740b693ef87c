import { type Static, Type } from 'typebox'
import { closed, Email, Id, Name, Password, page, Timestamp } from './primitives.ts'

export const UserBody = closed({
  id: Id,
  email: Type.String(),
  name: Type.String(),
  admin: Type.Boolean(),
  disabled: Type.Boolean(),
  created_at: Timestamp
})
export type UserBody = Static<typeof UserBody>
export const UserPage = page(UserBody)
export type UserPage = Static<typeof UserPage>

export const CreateUserBody = closed({ email: Email, name: Name, password: Type.Optional(Password) })
export type CreateUserBody = Static<typeof CreateUserBody>

export const PatchUserBody = closed({
  disabled: Type.Optional(Type.Boolean()),
  name: Type.Optional(Name),
  admin: Type.Optional(Type.Boolean())
})
export type PatchUserBody = Static<typeof PatchUserBody>

/** One's own password: the one in force, and the one to come. */
export const PutPasswordBody = closed({ current: Type.String({ minLength: 1, maxLength: 1024 }), new: Password })
export type PutPasswordBody = Static<typeof PutPasswordBody>

/** The only answer that carries the password an administrator hands over. */
export const UserWithPassword = closed({ ...UserBody.properties, password: Type.String() })
export type UserWithPassword = Static<typeof UserWithPassword>
