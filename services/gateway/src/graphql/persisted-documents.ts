import { hash } from 'node:crypto'
import type { GraphqlOperationType, GraphqlRules } from '@patgate/service-kit'
import type { RequestParameters } from './request-parameters.ts'
import { unclear } from './unclear.ts'

/** How an entry names what it runs: by the document itself, or by the id of one that the route lists. */
export type NamedDocument =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'persisted'; readonly type: GraphqlOperationType }

/**
 * Finds the one document of an entry. An id is refused unless the route lists it, because what it stands for is known
 * to the upstream alone. A document with a hash beside it, by which clients have it remembered, must be the hash's.
 */
export function nameDocument(entry: RequestParameters, { persisted }: GraphqlRules): NamedDocument {
  const { query, persistedHash, documentId } = entry
  if (query !== null) {
    if (documentId !== null) throw unclear('Send a document or its id, not both')
    if (persistedHash !== null && persistedHash !== hash('sha256', query)) {
      throw unclear('The hash is not that of the document')
    }
    return { kind: 'text', text: query }
  }
  if (persistedHash !== null && documentId !== null) throw unclear('Send one id of a document')
  const id = persistedHash ?? documentId
  if (id === null) throw unclear('A GraphQL request needs a query')
  const type = persisted.get(id)
  if (type === undefined) throw unclear('This route takes no such persisted document: send the query itself')
  return { kind: 'persisted', type }
}
