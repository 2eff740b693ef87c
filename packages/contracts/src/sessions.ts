import { type Static, Type } from 'typebox'
import { closed, Email, Id, Timestamp } from './primitives.ts'

export const SessionUser = closed({ id: Id, email: Type.String(), name: Type.String(), admin: Type.Boolean() })
export type SessionUser = Static<typeof SessionUser>

export const CreateSessionBody = closed({
  email: Email,
  password: Type.String({ minLength: 1, maxLength: 1024 }),
  cookie: Type.Optional(Type.Boolean())
})
export type CreateSessionBody = Static<typeof CreateSessionBody>

export const CreatedSession = closed({ token: Type.String(), expires_at: Timestamp, user: SessionUser })
export type CreatedSession = Static<typeof CreatedSession>

export const CurrentSession = closed({ user: SessionUser, expires_at: Timestamp })
export type CurrentSession = Static<typeof CurrentSession>
