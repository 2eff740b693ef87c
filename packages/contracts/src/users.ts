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
