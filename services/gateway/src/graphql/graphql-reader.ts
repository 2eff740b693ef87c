import { Fault } from '@patgate/service-kit'
import { readBodyHeaders } from './body-headers.ts'
import { demandOf, type GraphqlRoute } from './demand.ts'
import { createDocumentCache } from './document-cache.ts'
import { DEFAULT_GRAPHQL_LIMITS, type GraphqlLimits } from './graphql-limits.ts'
import type { GraphqlDemand, GraphqlRequest } from './graphql-request.ts'
import { readMediaType } from './media-type.ts'
import { readMultipartOperations } from './multipart-operations.ts'
import { readQueryString } from './query-string.ts'
import { type RequestParameters, readParameters, readTextParameters } from './request-parameters.ts'
import { unclear } from './unclear.ts'
import { parseUniqueJson } from './unique-json.ts'
import { readUtf8 } from './utf8.ts'

/** Reads requests to GraphQL routes; one for the whole process, since documents are remembered across routes. */
export interface GraphqlReader {
  /**
   * What the request would do at the upstream. Throws a Fault of the catalogue: 400 for what is not clear, 405 for a
   * mutation by GET and for other methods, 415 for another kind of body, 403 for what the route does not serve.
   */
  read(request: GraphqlRequest, route: GraphqlRoute): GraphqlDemand
}

export function createGraphqlReader(limits: GraphqlLimits = DEFAULT_GRAPHQL_LIMITS): GraphqlReader {
  const documents = createDocumentCache(limits)
  return {
    read(request, route) {
      if (request.method === 'POST') return demandOf(readBody(request, limits), route, documents)
      if (request.method !== 'GET' && request.method !== 'HEAD') throw notAllowed('GET, HEAD, POST')
      if (request.body.length > 0) throw unclear(`A ${request.method} to a GraphQL route has no body`)
      const demand = demandOf([readTextParameters(readQueryString(request.queryString))], route, documents)
      if (demand.asks.some(({ kind }) => kind === 'mutation')) throw notAllowed('POST')
      return demand
    }
  }
}

/** The entries of a POST. Its query string must not speak of GraphQL: in some servers it would win over the body. */
function readBody(request: GraphqlRequest, limits: GraphqlLimits): readonly RequestParameters[] {
  if (readQueryString(request.queryString).size > 0) {
    throw unclear('A POST has its GraphQL parameters in the body, not in the query string')
  }
  const { contentType, contentEncoding } = readBodyHeaders(request.rawHeaders)
  const type = readMediaType(contentType)
  refuseCoding(contentEncoding)
  switch (type.kind) {
    case 'document':
      return [readParameters({ query: readUtf8(request.body) })]
    case 'json':
      return entriesOf(parseUniqueJson(readUtf8(request.body)), limits)
    case 'multipart':
      return entriesOf(readMultipartOperations(request.body, type.boundary, limits), limits)
  }
}

function entriesOf(value: unknown, limits: GraphqlLimits): readonly RequestParameters[] {
  if (!Array.isArray(value)) return [readParameters(value)]
  if (value.length === 0 || value.length > limits.batch) throw unclear(`A batch has from 1 to ${limits.batch} entries`)
  return value.map(readParameters)
}

/** What a coded body says is only known to whoever decodes it. */
function refuseCoding(contentEncoding: string | undefined): void {
  if (contentEncoding === undefined || contentEncoding.toLowerCase() === 'identity') return
  throw new Fault('unsupported_media_type', { detail: 'Send GraphQL without a Content-Encoding' })
}

function notAllowed(allow: string): Fault {
  return new Fault('method_not_allowed', { headers: { allow } })
}
