import { Fault, type GraphqlOperationType, type GraphqlRules } from '@patgate/service-kit'
import type { DocumentCache } from './document-cache.ts'
import type { GraphqlAsk, GraphqlDemand } from './graphql-request.ts'
import { nameDocument } from './persisted-documents.ts'
import type { RequestParameters } from './request-parameters.ts'
import { selectOperation } from './select-operation.ts'

/** A GraphQL route's rules, and the entity type of all that its rules do not name. */
export interface GraphqlRoute {
  readonly rules: GraphqlRules
  readonly entityType: string
}

/** What all entries of a request ask for together: one that is not clear, or not served, refuses them all. */
export function demandOf(
  entries: readonly RequestParameters[],
  route: GraphqlRoute,
  documents: DocumentCache
): GraphqlDemand {
  const asks = new Map<string, GraphqlAsk>()
  let cost = 0
  for (const entry of entries) {
    const run = runOf(entry, route.rules, documents)
    cost += 1 + run.rootFields.length - new Set(run.rootFields).size
    for (const ask of asksOf(run, route)) asks.set(`${ask.kind} ${ask.operation} ${ask.entityType}`, ask)
  }
  return { asks: [...asks.values()], cost }
}

/** One operation that will run; of a persisted document the root fields are not known. */
interface Run {
  readonly type: GraphqlOperationType
  readonly rootFields: readonly string[]
}

function runOf(entry: RequestParameters, rules: GraphqlRules, documents: DocumentCache): Run {
  const document = nameDocument(entry, rules)
  if (document.kind === 'persisted') return { type: document.type, rootFields: [] }
  return selectOperation(documents.read(document.text), entry.operationName)
}

function asksOf({ type, rootFields }: Run, { rules, entityType }: GraphqlRoute): GraphqlAsk[] {
  const operation = rules.byOperationType[type]
  if (operation === undefined) throw new Fault('forbidden', { detail: `This route serves no ${type} operations` })
  const types = new Set(rootFields.map((field) => rules.entityTypeByField.get(field) ?? entityType))
  if (types.size === 0) types.add(entityType)
  return [...types].map((each) => ({ kind: type, operation, entityType: each }))
}
