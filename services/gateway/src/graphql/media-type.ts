import { Fault } from '@patgate/service-kit'
import { unclear } from './unclear.ts'

/** How a POST carries its GraphQL parameters. */
export type GraphqlMediaType =
  | { readonly kind: 'json' }
  /** The body is the document itself. */
  | { readonly kind: 'document' }
  | { readonly kind: 'multipart'; readonly boundary: string }

const KINDS = {
  'application/json': 'json',
  'application/graphql': 'document',
  'multipart/form-data': 'multipart'
} as const

const UTF_8 = /^[ \t]*charset=(?:utf-8|"utf-8")[ \t]*$/i
/** RFC 2046 section 5.1.1, without the characters that need quotes in one parser and not in another. */
const BOUNDARY = /^[ \t]*boundary=(?:"([0-9A-Za-z'+_.=-]{1,70})"|([0-9A-Za-z'+_.-]{1,70}))[ \t]*$/i

/**
 * Reads `Content-Type` strictly: 415 for a type that is not known to carry GraphQL, 400 for a parameter that servers
 * might read in different ways (another charset, a second boundary).
 */
export function readMediaType(contentType: string | undefined): GraphqlMediaType {
  const [name = '', ...parameters] = (contentType ?? '').split(';')
  const type = name.toLowerCase()
  if (!isKnown(type)) {
    throw new Fault('unsupported_media_type', { detail: `Send GraphQL as ${Object.keys(KINDS).join(', ')}` })
  }
  const kind = KINDS[type]
  if (parameters.length > 1) throw unclear('Content-Type has more than one parameter')
  if (kind === 'multipart') return { kind, boundary: readBoundary(parameters[0]) }
  if (parameters[0] !== undefined && !UTF_8.test(parameters[0])) throw unclear('The only charset of GraphQL is UTF-8')
  return { kind }
}

function isKnown(type: string): type is keyof typeof KINDS {
  return Object.hasOwn(KINDS, type)
}

function readBoundary(parameter: string | undefined): string {
  const [, quoted, plain] = BOUNDARY.exec(parameter ?? '') ?? []
  const boundary = quoted ?? plain
  if (boundary === undefined) throw unclear('Content-Type needs one plain boundary')
  return boundary
}
