import type { EntityTypeBody } from '@patgate/contracts'
import type { CallOptions, Send } from '../http.ts'

export interface EntityTypeCalls {
  /** All there are: what scopes may be about. */
  list(options?: CallOptions): Promise<EntityTypeBody[]>
}

export function entityTypeCalls(send: Send): EntityTypeCalls {
  return { list: (options) => send({ ...options, method: 'GET', path: '/v1/entity-types' }) }
}
