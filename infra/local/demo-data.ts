import type { DeclaredRoutes } from './patgate-yaml.ts'

/** What the first start creates for people to try: a group, and a token that may read and list in it. */
export interface Demo {
  group: string
  token: string
}

const group = 'demo'
const demoOperations = ['read', 'list']

/** Creates the demo data through the public API, as any administrator would. */
export async function createDemo(
  gatewayUrl: string,
  admin: { email: string; password: string },
  routes: DeclaredRoutes
): Promise<Demo> {
  const session = await call(gatewayUrl, 'POST /v1/sessions', admin)
  const authorization = `Bearer ${text(session.body, 'token')}`
  const found = await call(gatewayUrl, `GET /v1/groups/${group}`, undefined, authorization, [200, 404])
  if (found.status === 404) {
    await call(gatewayUrl, 'POST /v1/groups', { slug: group, name: 'Demo' }, authorization)
  }
  const token = await call(
    gatewayUrl,
    'POST /v1/tokens',
    { name: 'demo', description: 'Made by the first npm start', expires_in: '1y', scopes: demoScopes(routes) },
    authorization
  )
  await call(gatewayUrl, 'DELETE /v1/sessions/current', undefined, authorization)
  return { group, token: text(token.body, 'secret') }
}

/**
 * Read and list on every entity type that the file declares, as far as the type has these operations, and everything that
 * can be done on channels.
 */
function demoScopes(routes: DeclaredRoutes): object[] {
  const declared = routes.entityTypes
    .map(({ name, operations }) => ({
      group,
      entity_type: name,
      entity_id: '*',
      operations: demoOperations.filter((operation) => operations === undefined || operations.includes(operation))
    }))
    .filter((scope) => scope.operations.length > 0)
  const channels = { group, entity_type: 'channel', entity_id: '*', operations: ['publish', 'subscribe'] }
  return declared.length === 0 ? [] : [...declared, channels]
}

interface Answer {
  status: number
  body: unknown
}

async function call(
  gatewayUrl: string,
  request: string,
  body?: object,
  authorization?: string,
  expected: number[] = [200, 201, 204]
): Promise<Answer> {
  const [method = 'GET', path = '/'] = request.split(' ')
  const response = await fetch(`${gatewayUrl}${path}`, {
    method,
    headers: {
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...(authorization === undefined ? {} : { authorization })
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    signal: AbortSignal.timeout(30_000)
  })
  const answer = await response.text()
  if (!expected.includes(response.status)) {
    throw new Error(`The demo data could not be created: ${request} answered ${response.status} ${answer}`)
  }
  return { status: response.status, body: answer === '' ? undefined : JSON.parse(answer) }
}

function text(body: unknown, key: string): string {
  const value = typeof body === 'object' && body !== null ? (body as Record<string, unknown>)[key] : undefined
  if (typeof value !== 'string') throw new Error(`The demo data could not be created: an answer had no "${key}"`)
  return value
}
