import { type Static, Type } from 'typebox'
import { GroupPolicy, PatchGroupPolicy } from './policy.ts'
import { closed, Id, Name, page, RoleName, Slug, Timestamp } from './primitives.ts'

export const GroupBody = closed({
  slug: Type.String(),
  name: Type.String(),
  role: Type.Union([RoleName, Type.Null()]),
  policy: GroupPolicy,
  created_at: Timestamp
})
export type GroupBody = Static<typeof GroupBody>
export const GroupPage = page(GroupBody)
export type GroupPage = Static<typeof GroupPage>

export const CreateGroupBody = closed({ slug: Slug, name: Name, policy: Type.Optional(PatchGroupPolicy) })
export type CreateGroupBody = Static<typeof CreateGroupBody>

/** Fields that are left out stay as they are, inside `policy` too. */
export const PatchGroupBody = closed({ name: Type.Optional(Name), policy: Type.Optional(PatchGroupPolicy) })
export type PatchGroupBody = Static<typeof PatchGroupBody>

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
