import { closed, OperationName } from '@patgate/contracts'
import { operationsOf } from '@patgate/domain'
import type { App, LivePatgateFile } from '@patgate/service-kit'
import { type Static, Type } from 'typebox'
import { NoQuery } from './schemas.ts'

const EntityType = closed({ name: Type.String(), operations: Type.Array(OperationName) })

/** What scopes may be about: the entity types of `patgate.yaml` and the built-in ones. */
export function entityTypeRoutes(app: App, { patgateFile }: { readonly patgateFile: LivePatgateFile }): void {
  const answer = patgateFile.derive(({ entityTypes }): Static<typeof EntityType>[] =>
    [...entityTypes].map(([name, bits]) => ({ name, operations: operationsOf(bits) }))
  )

  app.get(
    '/v1/entity-types',
    { config: { policy: 'session' }, schema: { querystring: NoQuery, response: { 200: Type.Array(EntityType) } } },
    async () => answer()
  )
}
