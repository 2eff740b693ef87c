import { type Static, Type } from 'typebox'
import { closed, Id, Name, page, RoleName, Slug } from './primitives.ts'

/** A service account of a group: it has tokens and a role, and never signs in. */
export const BotBody = closed({
  id: Id,
  name: Type.String(),
  email: Type.String(),
  role: RoleName,
  active_tokens: Type.Integer({ minimum: 0 }),
  created_by: Id
})
export type BotBody = Static<typeof BotBody>
export const BotPage = page(BotBody)
export type BotPage = Static<typeof BotPage>

export const BotParams = closed({ slug: Slug, id: Id })
export type BotParams = Static<typeof BotParams>

export const CreateBotBody = closed({ name: Name, role: RoleName })
export type CreateBotBody = Static<typeof CreateBotBody>

export const PatchBotBody = closed({ name: Type.Optional(Name), role: Type.Optional(RoleName) })
export type PatchBotBody = Static<typeof PatchBotBody>
