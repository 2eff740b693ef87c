import type { IncomingMessage, ServerResponse } from 'node:http'
import { type DemoAnswer, type DemoRequest, notFound } from './exchange.ts'
import { answerGraphql } from './graphql.ts'
import { answerGroups } from './groups.ts'
import { answerRecords } from './records.ts'
import { createDemoStore } from './seed.ts'

const largestBodyBytes = 16 * 1024 * 1024
const store = createDemoStore()

export async function handleDemoRequest(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const answer = await readRequest(request)
    .then(answerRequest)
    .catch((error: unknown): DemoAnswer => ({ status: 400, body: { error: String(error) } }))
  const body = answer.body === undefined ? '' : JSON.stringify(answer.body)
  if (body !== '') response.setHeader('content-type', 'application/json')
  response.statusCode = answer.status
  response.end(body)
}

async function answerRequest(request: DemoRequest): Promise<DemoAnswer> {
  const [first, ...rest] = request.segments
  if (first === 'status' && rest.length === 0)
    return { status: 200, body: { status: 'ok', service: 'patgate demo API' } }
  if (first === 'echo') return { status: 200, body: echo(request) }
  if (first === 'groups') return answerGroups(store, request, rest)
  if (first === 'graphql' && rest.length === 0) return answerGraphql(store, request)
  if (first === 'v3') return answerRecords(store, request, rest)
  return notFound
}

/** What arrived here, for people who want to see what a gateway adds and removes. */
function echo({ method, path, headers, body }: DemoRequest): object {
  return { method, path, headers, body: body ?? null }
}

async function readRequest(request: IncomingMessage): Promise<DemoRequest> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size > largestBodyBytes) throw new Error('the body is too large')
    chunks.push(chunk)
  }
  const path = request.url ?? '/'
  const [api, ...segments] = (path.split('?')[0] ?? '').split('/').filter(Boolean).map(decodeURIComponent)
  return {
    method: request.method ?? 'GET',
    segments: api === 'api' ? segments : [],
    path,
    headers: request.headers,
    body: parseBody(Buffer.concat(chunks).toString('utf8'))
  }
}

/** JSON where it is JSON, else the text as it came. */
function parseBody(text: string): unknown {
  if (text === '') return undefined
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}
