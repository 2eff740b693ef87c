import { type Static, Type } from 'typebox'
import { closed, Email, Id, nullable, page, Timestamp } from './primitives.ts'

export const SessionUser = closed({ id: Id, email: Type.String(), name: Type.String(), admin: Type.Boolean() })
export type SessionUser = Static<typeof SessionUser>

/** A password that is being checked, not chosen: whatever was once accepted. */
const GivenPassword = Type.String({ minLength: 1, maxLength: 1024 })

export const CreateSessionBody = closed({
  email: Email,
  password: GivenPassword,
  cookie: Type.Optional(Type.Boolean())
})
export type CreateSessionBody = Static<typeof CreateSessionBody>

export const CreatedSession = closed({ token: Type.String(), expires_at: Timestamp, user: SessionUser })
export type CreatedSession = Static<typeof CreatedSession>

export const CurrentSession = closed({ user: SessionUser, expires_at: Timestamp })
export type CurrentSession = Static<typeof CurrentSession>

/** What the console asks first: how people sign in here, and who is signed in already, if anybody. */
export const SignInBody = closed({
  password: Type.Literal(true),
  single_sign_on: Type.Boolean(),
  session: nullable(CurrentSession)
})
export type SignInBody = Static<typeof SignInBody>

/** How a session began: by password, by single sign-on, or out of another session ("Copy auth token"). */
export const SESSION_KINDS = ['password', 'oidc', 'derived'] as const

/** One of one's own sessions that are alive; `current` is the one that asks. */
export const SessionBody = closed({
  id: Id,
  kind: Type.Enum(SESSION_KINDS),
  created_at: Timestamp,
  expires_at: Timestamp,
  address: nullable(Type.String()),
  user_agent: nullable(Type.String()),
  current: Type.Boolean()
})
export type SessionBody = Static<typeof SessionBody>
export const SessionPage = page(SessionBody)
export type SessionPage = Static<typeof SessionPage>

/** The password is asked for again when signing in was more than 15 minutes ago. */
export const DeriveSessionBody = closed({ password: Type.Optional(GivenPassword) })
export type DeriveSessionBody = Static<typeof DeriveSessionBody>
