import { type Snapshot, scopeFromWire } from '@patgate/contracts'
import { compileLadder, compileScopes, decide, type Operation, type Role } from '@patgate/domain'
import { rawRequest, type Teardown } from '@patgate/test-kit'
import type { DecisionCase, Expected, PlaneName } from './decision-case.ts'
import { TOKENS, type TokenName } from './decision-tokens.ts'
import { envoyClient } from './forward-auth/envoy-client.ts'
import {
  ADAPTERS,
  type AdapterName,
  callBytes,
  type HttpAnswer,
  linesOf,
  parseAnswer
} from './forward-auth/raw-calls.ts'
import type { TestGateway } from './support/gateway.ts'

/** Asks one plane about a case; null where the case says nothing that this plane could be asked. */
export type Plane = (question: DecisionCase) => Promise<Expected | null>

/** Every plane of a running gateway. */
export function openPlanes(
  t: Teardown,
  gateway: TestGateway,
  secrets: Readonly<Record<TokenName, string>>
): Readonly<Record<PlaneName, Plane>> {
  const { http, grpc } = gateway.forwardAuthPorts
  if (http === null || grpc === null) throw new Error('the gateway does not listen for forward-auth')
  const overAdapter = (adapter: AdapterName): [AdapterName, Plane] => [
    adapter,
    async (question) => {
      const bytes = callBytes(adapter, { ...question, headers: headersOf(question, secrets) })
      const answer = await exchange(http, bytes)
      return adapter === 'nginx' ? replayed(answer) : outcomeOf(answer, question)
    }
  ]
  const adapters = Object.fromEntries(ADAPTERS.map(overAdapter)) as Record<AdapterName, Plane>
  return {
    ...adapters,
    proxy: (question) => throughProxy(gateway.port, question, headersOf(question, secrets)),
    grpc: overGrpc(t, grpc, secrets),
    decide: async (question) => askDecide(question)
  }
}

async function throughProxy(port: number, question: DecisionCase, headers: readonly string[]): Promise<Expected> {
  const { method, target, body = '' } = question
  const length = body === '' ? [] : [`Content-Length: ${Buffer.byteLength(body)}`]
  const lines = [`${method} ${target} HTTP/1.1`, 'Host: app.example.org', ...linesOf(headers), ...length]
  return outcomeOf(await exchange(port, Buffer.from(`${lines.join('\r\n')}\r\n\r\n${body}`, 'latin1')), question)
}

/** An answer to HEAD has no body to wait for, so its connection is closed. */
async function exchange(port: number, bytes: Buffer): Promise<HttpAnswer> {
  if (!bytes.toString('latin1').startsWith('HEAD ')) return parseAnswer(await rawRequest({ port, bytes }))
  const closing = Buffer.from(bytes.toString('latin1').replace('\r\n', '\r\nConnection: close\r\n'), 'latin1')
  return parseAnswer(await rawRequest({ port, bytes: closing, until: 'close' }))
}

function overGrpc(t: Teardown, port: number, secrets: Readonly<Record<TokenName, string>>): Plane {
  const check = envoyClient(t, port)
  return async (question) => {
    const headers = headersOf(question, secrets)
    const map = []
    for (let index = 0; index < headers.length; index += 2) {
      map.push({ key: headers[index] ?? '', raw_value: Buffer.from(headers[index + 1] ?? '', 'latin1') })
    }
    const { method, target: path, body = '' } = question
    const answer = await check({ method, path, body, ...(map.length === 0 ? {} : { header_map: { headers: map } }) })
    if (answer.status.code === 0) return { status: 200, code: null }
    const denied = answer.denied_response
    const status = STATUS_NUMBERS.get(String(denied?.status.code)) ?? 0
    return outcomeOf({ status, body: denied?.body ?? '' }, question)
  }
}

/** Enumerations arrive by name. */
const STATUS_NUMBERS: ReadonlyMap<string, number> = new Map([
  ['BadRequest', 400],
  ['Unauthorized', 401],
  ['Forbidden', 403],
  ['NotFound', 404],
  ['MethodNotAllowed', 405],
  ['RequestHeaderFieldsTooLarge', 431],
  ['NotImplemented', 501],
  ['PayloadTooLarge', 413],
  ['TooManyRequests', 429],
  ['ServiceUnavailable', 503]
])

function askDecide({ ask, token }: DecisionCase): Expected | null {
  if (ask === undefined || token === null || token === 'revoked' || token === 'expired') return null
  const [group = '', entityType = '', entityId = '', operation] = ask.split(' ')
  const snapshot: Partial<Snapshot> = token === 'session' ? { scopes: null } : (TOKENS[token] as Partial<Snapshot>)
  const { scopes = null, roles = { demo: 'owner' }, access_level: accessLevel = null } = snapshot
  const subject = {
    scopes: scopes === null ? null : compileScopes(scopes.map(scopeFromWire)),
    roles: new Map<string, Role>(Object.entries(roles)),
    accessLevel
  }
  const asked = { group, entityType, entityId, operation: operation as Operation }
  const decision = decide(subject, asked, compileLadder(), { ownerCheck: 'role', sessions: true })
  return decision.allowed ? { status: 200, code: null } : { status: 403, code: decision.code }
}

/** What a case sends, with the secrets in their places. */
function headersOf({ token, headers }: DecisionCase, secrets: Readonly<Record<TokenName, string>>): readonly string[] {
  const own = token === null ? [] : ['Authorization', `Bearer {${token}}`]
  return (headers ?? own).map((text) => {
    const filled = text.replace(/\{(\w+)\}/g, (all, name: string) =>
      name in secrets ? secrets[name as TokenName] : all
    )
    return filled.replace(/\{base64:(.*)\}/, (_, plain: string) => Buffer.from(plain).toString('base64'))
  })
}

/** What nginx would replay: the status and the problem that travel in headers. */
function replayed({ status, headers }: HttpAnswer): Expected {
  if (status === 200) return { status, code: null }
  return { status: Number(headers['patgate-status']), code: codeOf(headers['patgate-problem'] ?? '') }
}

/** Without a body, which is so for HEAD, the status has to suffice. */
function outcomeOf({ status, body }: Pick<HttpAnswer, 'status' | 'body'>, { expected }: DecisionCase): Expected {
  if (status === 200) return { status, code: null }
  return { status, code: body === '' ? expected.code : codeOf(body) }
}

function codeOf(problem: string): string {
  return (JSON.parse(problem) as { code: string }).code
}
