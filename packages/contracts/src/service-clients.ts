import { type Static, Type } from 'typebox'
import { closed, Id, Name, nullable, page, Slug, Timestamp } from './primitives.ts'

/** An audience is named as a JWT names it: anything without spaces and control characters. */
const Audience = Type.String({ pattern: '^[!-~]{1,255}$' })
const Audiences = Type.Array(Audience, { uniqueItems: true, maxItems: 100 })
const Groups = Type.Array(Slug, { uniqueItems: true, maxItems: 1000 })

const properties = {
  id: Id,
  name: Type.String(),
  audiences: Type.Array(Type.String()),
  groups: Type.Array(Type.String()),
  created_at: Timestamp,
  created_by: Id,
  rotated_at: nullable(Timestamp)
}

/** A program that may introspect and exchange tokens, within its groups and for its audiences. */
export const ServiceClientBody = closed(properties)
export type ServiceClientBody = Static<typeof ServiceClientBody>
export const ServiceClientPage = page(ServiceClientBody)
export type ServiceClientPage = Static<typeof ServiceClientPage>

/** The only answers that carry the client's secret. */
export const ServiceClientWithSecret = closed({ ...properties, secret: Type.String() })
export type ServiceClientWithSecret = Static<typeof ServiceClientWithSecret>

export const CreateServiceClientBody = closed({ name: Name, audiences: Audiences, groups: Groups })
export type CreateServiceClientBody = Static<typeof CreateServiceClientBody>
