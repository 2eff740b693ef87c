import { IDEMPOTENCY_KEY_HEADER, PROBLEM_CONTENT_TYPE } from '@patgate/contracts'
import { ERROR_CATALOGUE } from '@patgate/domain'
import type { RoutePolicy } from '../route-policy.ts'
import type { OpenapiOperation, OpenapiParameter } from './openapi-document.ts'
import type { OperationDoc } from './operation-doc.ts'

export interface DescribedCall {
  readonly method: string
  readonly policy: RoutePolicy
  readonly doc: OperationDoc
  readonly doChangesWait: boolean
}

const IDEMPOTENCY_KEY: OpenapiParameter = {
  in: 'header',
  name: IDEMPOTENCY_KEY_HEADER,
  description: 'A replay within 24 hours answers what the first call did, without its secret',
  schema: { type: 'string', minLength: 1, maxLength: 255 }
}

const WAIT: OpenapiParameter = {
  in: 'query',
  name: 'wait',
  description: 'false: answer 202 at once, and let the change come into force within its bound',
  schema: { type: 'boolean', default: true }
}

const POLICIES_THAT_WAIT: readonly RoutePolicy[] = ['session', 'admin', 'token']

/** Adds what holds for every call of its kind: examples, `wait`, `Idempotency-Key`, and problems. */
export function completeOperation(operation: OpenapiOperation, call: DescribedCall): void {
  const { doc, method, policy, doChangesWait } = call
  const isWaiting = doChangesWait && method !== 'GET' && POLICIES_THAT_WAIT.includes(policy)
  const parameters = [
    ...(operation.parameters ?? []).map((parameter) => ({ ...parameter, ...exampleOf(parameter, doc) })),
    ...(doc.isRepeatable === true ? [IDEMPOTENCY_KEY] : []),
    ...(isWaiting ? [WAIT] : [])
  ]
  if (parameters.length > 0) operation.parameters = parameters
  completeBody(operation, doc)
  if (isWaiting) describeImpatience(operation)
  for (const status of problemStatuses(call)) operation.responses[status] = { $ref: `#/components/responses/${status}` }
  operation.responses.default = { $ref: '#/components/responses/default' }
}

/** One response for each status of the catalogue; which code it is stands in the body. */
export function problemResponses(): Record<string, unknown> {
  const entries = Object.values(ERROR_CATALOGUE).map(({ status }) => [
    String(status),
    problemResponse(titlesOf(status))
  ])
  return { ...Object.fromEntries(entries), default: problemResponse('Any other problem') }
}

function problemResponse(description: string) {
  return { description, content: { [PROBLEM_CONTENT_TYPE]: { schema: { $ref: '#/components/schemas/Problem' } } } }
}

function titlesOf(status: number): string {
  const entries = Object.entries(ERROR_CATALOGUE).filter(([, entry]) => entry.status === status)
  return entries.map(([name, { title }]) => `\`${name}\`: ${title}`).join('. ')
}

function exampleOf({ in: place, name }: OpenapiParameter, { params, query }: OperationDoc): { example?: unknown } {
  const example = (place === 'path' ? params : query)?.[name]
  return example === undefined ? {} : { example }
}

/** A call whose fields are all optional needs no body (api.md). */
function completeBody({ requestBody }: OpenapiOperation, { body }: OperationDoc): void {
  if (requestBody === undefined) return
  for (const media of Object.values(requestBody.content)) {
    requestBody.required = (media.schema.required ?? []).length > 0
    if (body !== undefined) media.example = body
  }
}

function describeImpatience({ responses }: OpenapiOperation): void {
  const usual = Object.entries(responses).find(([status]) => status.startsWith('2'))?.[1]
  responses['202'] ??= { ...usual, description: 'With `wait=false`: done, and not in force everywhere yet' }
}

function problemStatuses({ policy, method, doc }: DescribedCall): readonly number[] {
  const statuses = [400, ...(doc.problems ?? [])]
  if (policy !== 'public') statuses.push(401)
  if (policy !== 'public' && policy !== 'service_client') statuses.push(403)
  if (doc.params !== undefined) statuses.push(404)
  if (method !== 'GET' && method !== 'DELETE') statuses.push(415)
  return [...new Set(statuses)].sort()
}
