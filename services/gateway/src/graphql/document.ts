import { Fault, type GraphqlOperationType } from '@patgate/service-kit'
import { type DocumentNode, Kind, parse } from 'graphql'
import { countAliases, deepestLevel, fragmentsOf } from './document-shape.ts'
import type { GraphqlLimits } from './graphql-limits.ts'
import { collectRootFields } from './root-fields.ts'
import { unclear } from './unclear.ts'

/** What is remembered of a document: for each operation what a decision needs, and nothing of its text. */
export interface ReadDocument {
  readonly operations: readonly DocumentOperation[]
}

export interface DocumentOperation {
  readonly type: GraphqlOperationType
  /** Null for the shorthand and other anonymous operations. */
  readonly name: string | null
  /** The root fields that an executor would run, one entry for each response key. */
  readonly rootFields: readonly string[]
}

/**
 * Parses a document and reads its operations. Refused is what does not parse, what exceeds a limit, and what servers
 * that skip validation would run in different ways: two operations or fragments of one name, an anonymous operation
 * beside others, definitions of a schema, a fragment that is missing or contains itself.
 */
export function readDocument(text: string, limits: GraphqlLimits): ReadDocument {
  try {
    return readParsed(parseBounded(text, limits), limits)
  } catch (error) {
    // Deep nesting exhausts the stack before any limit is reached, so every error in here is the document's.
    throw error instanceof Fault ? error : unclear('The GraphQL document does not parse, or is too large', error)
  }
}

/**
 * Where a line ends, a comment ends: some lexers also end it at U+2028, which would let a document say one thing here
 * and another there. The specification has line feeds and carriage returns, and text needs no other control.
 */
const DISPUTED_CHARACTER = /[\u2028\u2029]|(?![\t\n\r])\p{Cc}|\r(?!\n)/u

function parseBounded(text: string, limits: GraphqlLimits): DocumentNode {
  if (DISPUTED_CHARACTER.test(text)) throw unclear('The document has control characters or unusual line ends')
  return parse(text, {
    noLocation: true,
    maxLexicalTokens: limits.tokens,
    maxComments: limits.comments,
    maxSourceLength: limits.documentLength
  })
}

function readParsed(document: DocumentNode, limits: GraphqlLimits): ReadDocument {
  const fragments = fragmentsOf(document)
  if (countAliases(document) > limits.aliases) throw unclear(`A document has at most ${limits.aliases} aliases`)
  if (deepestLevel(document, fragments) > limits.depth) throw unclear(`A document has at most ${limits.depth} levels`)
  const operations: DocumentOperation[] = []
  for (const definition of document.definitions) {
    if (definition.kind !== Kind.OPERATION_DEFINITION) continue
    const name = definition.name?.value ?? null
    operations.push({ type: definition.operation, name, rootFields: collectRootFields(definition, fragments) })
  }
  refuseAmbiguousNames(operations)
  return { operations }
}

function refuseAmbiguousNames(operations: readonly DocumentOperation[]): void {
  const names = new Set(operations.map(({ name }) => name))
  if (names.size < operations.length) throw unclear('Two operations of the document have the same name, or none')
  if (names.has(null) && operations.length > 1) throw unclear('An anonymous operation must stand alone')
}
