import { type Static, Type } from 'typebox'
import { closed, Id, Name, page, RoleName, Slug, Timestamp } from './primitives.ts'

export const GroupBody = closed({
  slug: Type.String(),
  name: Type.String(),
  role: Type.Union([RoleName, Type.Null()]),
  created_at: Timestamp
})
export type GroupBody = Static<typeof GroupBody>
export const GroupPage = page(GroupBody)
export type GroupPage = Static<typeof GroupPage>

export const CreateGroupBody = closed({ slug: Slug, name: Name })
export type CreateGroupBody = Static<typeof CreateGroupBody>

export const MemberBody = closed({
  user: closed({ id: Id, email: Type.String(), name: Type.String() }),
  role: RoleName,
  since: Timestamp
})
export type MemberBody = Static<typeof MemberBody>
export const MemberPage = page(MemberBody)
export type MemberPage = Static<typeof MemberPage>

export const MemberParams = closed({ slug: Slug, user_id: Id })
export type MemberParams = Static<typeof MemberParams>

export const PutMemberBody = closed({ role: RoleName })
export type PutMemberBody = Static<typeof PutMemberBody>
