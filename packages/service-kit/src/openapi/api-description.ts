import swagger from '@fastify/swagger'
import { Problem } from '@patgate/contracts'
import type { FastifySchema, RouteOptions } from 'fastify'
import type { App } from '../app.ts'
import type { RoutePolicy } from '../route-policy.ts'
import { completeOperation, problemResponses } from './complete-operation.ts'
import { type NamedSchemas, nameSchemas } from './named-schemas.ts'
import type { OpenapiDocument } from './openapi-document.ts'
import type { OperationDocs } from './operation-doc.ts'
import { SECURITY_SCHEMES, securityOf } from './security.ts'

export interface ApiDescription {
  readonly title: string
  readonly description: string
  readonly version: string
  readonly operations: OperationDocs
  readonly schemas: NamedSchemas
  /** Whether calls that change something answer when the change is in force everywhere, and take `wait`; true unless said. */
  readonly doChangesWait?: boolean
}

/**
 * Generates the OpenAPI 3.1 document out of the schemas of all routes that are declared after this. A route that has a
 * schema and no words in `operations` stops the start: what is not described does not exist for clients.
 */
export async function describeApi(app: App, api: ApiDescription): Promise<void> {
  const { title, description, version, operations, doChangesWait = true } = api
  const schemas = { ...api.schemas, Problem }
  const policies = new Map<string, RoutePolicy>()

  await app.register(swagger, {
    convertConstToEnum: false,
    openapi: {
      openapi: '3.1.0',
      info: { title, description, version, license: { name: 'Apache-2.0', identifier: 'Apache-2.0' } },
      servers: [{ url: '/' }],
      components: { securitySchemes: SECURITY_SCHEMES }
    },
    transform: ({ schema, url, route }) => ({ schema: describedSchema(schema, route, operations), url }),
    transformObject: (documents) => {
      const document = ('openapiObject' in documents ? documents.openapiObject : {}) as OpenapiDocument
      return complete(document, { operations, policies, schemas, doChangesWait }) as object
    }
  })
  app.addHook('onRoute', ({ method, url, config, schema }: RouteOptions) => {
    if (schema !== undefined && config?.policy !== undefined) policies.set(`${String(method)} ${url}`, config.policy)
  })
}

/** The whole document, as JSON; the application has to be ready. */
export function apiDocument(app: App): string {
  return JSON.stringify(app.swagger())
}

/** The schema with its words. Routes without a schema only refuse methods, and are hidden. */
function describedSchema(schema: FastifySchema | undefined, route: RouteOptions, docs: OperationDocs): FastifySchema {
  if (schema === undefined) return { hide: true } as FastifySchema
  const key = `${String(route.method)} ${route.url}`
  const doc = docs[key]
  if (doc === undefined) throw new Error(`${key} is not described`)
  const { querystring, ...rest } = schema
  return {
    ...rest,
    // A query of any fields has no parameters to describe.
    ...(hasProperties(querystring) ? { querystring } : {}),
    operationId: doc.name,
    summary: doc.summary,
    tags: [doc.tag],
    security: securityOf(route.config?.policy ?? 'public'),
    ...(doc.isForm === true ? { consumes: ['application/x-www-form-urlencoded'] } : {})
  }
}

function hasProperties(schema: unknown): boolean {
  return typeof schema === 'object' && schema !== null && 'properties' in schema
}

interface Completion {
  readonly operations: OperationDocs
  readonly policies: ReadonlyMap<string, RoutePolicy>
  readonly schemas: NamedSchemas
  readonly doChangesWait: boolean
}

function complete(
  document: OpenapiDocument,
  { operations, policies, schemas, doChangesWait }: Completion
): OpenapiDocument {
  for (const [key, doc] of Object.entries(operations)) {
    const [method = '', url = ''] = key.split(' ')
    const operation = document.paths[url.replace(/:(\w+)/g, '{$1}')]?.[method.toLowerCase()]
    const policy = policies.get(key)
    if (operation === undefined || policy === undefined) throw new Error(`${key} is described and does not exist`)
    completeOperation(operation, { method, policy, doc, doChangesWait })
  }
  document.components.responses = problemResponses()
  return nameSchemas(document, schemas)
}
