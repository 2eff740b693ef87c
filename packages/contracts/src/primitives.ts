import { DURATION_PATTERN, ENTITY_TYPE_PATTERN, GROUP_SLUG_PATTERN, OPERATIONS, ROLES } from '@patgate/domain'
import { type Static, type TObject, type TProperties, type TSchema, Type } from 'typebox'

/** An object that refuses what it does not know: a misspelt `expires_at` must be an error, not an eternal token. */
export function closed<T extends TProperties>(properties: T, options: { description?: string } = {}): TObject<T> {
  return Type.Object(properties, { ...options, additionalProperties: false })
}

export function nullable<T extends TSchema>(schema: T) {
  return Type.Union([schema, Type.Null()])
}

/** The answer of every list (api.md): `next_cursor` is null at the end. */
export function page<T extends TSchema>(item: T) {
  return closed({ items: Type.Array(item), next_cursor: nullable(Type.String()) })
}

export const Id = Type.String({ format: 'uuid' })
export const Timestamp = Type.String({ format: 'date-time', description: 'RFC 3339, UTC' })
export const Name = Type.String({ minLength: 1, maxLength: 255 })
export const Email = Type.String({ format: 'email', maxLength: 254 })
export const Password = Type.String({ minLength: 8, maxLength: 1024 })
export const Slug = Type.String({ pattern: GROUP_SLUG_PATTERN })
export const EntityTypeName = Type.String({ pattern: ENTITY_TYPE_PATTERN })
export const Duration = Type.String({ pattern: DURATION_PATTERN })
export const RoleName = Type.Enum(ROLES)
export const OperationName = Type.Enum(OPERATIONS)

/** Lists take `limit` 1–100 (20 unless said) and the cursor of the page before. */
export const PageQuery = {
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 100, default: 20 })),
  cursor: Type.Optional(Type.String({ minLength: 1, maxLength: 1024 }))
}

export const IdParams = closed({ id: Id })
export type IdParams = Static<typeof IdParams>

export const SlugParams = closed({ slug: Slug })
export type SlugParams = Static<typeof SlugParams>
