import { unclear } from './unclear.ts'
import { parseUniqueJson } from './unique-json.ts'

/** The parameters of one GraphQL request (GraphQL over HTTP, "Request Parameters"), as far as a decision needs them. */
export interface RequestParameters {
  readonly query: string | null
  readonly operationName: string | null
  /** The hash of `extensions.persistedQuery`. */
  readonly persistedHash: string | null
  readonly documentId: string | null
}

/** Every name a GraphQL server may take for a parameter; one that is not known is refused in a body. */
export const PARAMETER_NAMES = ['query', 'operationName', 'variables', 'extensions', 'documentId'] as const
export type ParameterName = (typeof PARAMETER_NAMES)[number]

const known: ReadonlySet<string> = new Set(PARAMETER_NAMES)

/**
 * Reads one JSON object of parameters. Names are a closed list and compared exactly: some servers match `Query` as
 * `query`, and would run a document that nobody has decided on.
 */
export function readParameters(value: unknown): RequestParameters {
  if (!isObject(value)) throw unclear('A GraphQL request is a JSON object')
  if (Object.keys(value).some((name) => !known.has(name))) {
    throw unclear(`A GraphQL request has only ${PARAMETER_NAMES.join(', ')}`)
  }
  objectOrNull(value.variables, 'variables')
  return {
    query: textOrNull(value.query, 'query'),
    operationName: textOrNull(value.operationName, 'operationName'),
    persistedHash: hashOf(value.extensions),
    documentId: textOrNull(value.documentId, 'documentId')
  }
}

/** The same from a query string, where `variables` and `extensions` are JSON in text. */
export function readTextParameters(texts: ReadonlyMap<ParameterName, string>): RequestParameters {
  const json = (name: ParameterName): unknown => {
    const text = texts.get(name)
    return text === undefined || text === '' ? null : parseUniqueJson(text)
  }
  return readParameters({
    query: texts.get('query'),
    operationName: texts.get('operationName'),
    documentId: texts.get('documentId'),
    variables: json('variables'),
    extensions: json('extensions')
  })
}

function hashOf(extensions: unknown): string | null {
  const persisted = objectOrNull(objectOrNull(extensions, 'extensions')?.persistedQuery, 'extensions.persistedQuery')
  if (persisted === null) return null
  const hash = textOrNull(persisted.sha256Hash, 'extensions.persistedQuery.sha256Hash')
  if (hash === null) throw unclear('extensions.persistedQuery needs a sha256Hash')
  return hash
}

function textOrNull(value: unknown, name: string): string | null {
  if (value === undefined || value === null) return null
  if (typeof value !== 'string') throw unclear(`${name} needs to be text`)
  return value
}

function objectOrNull(value: unknown, name: string): Record<string, unknown> | null {
  if (value === undefined || value === null) return null
  if (!isObject(value)) throw unclear(`${name} needs to be an object`)
  return value
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
