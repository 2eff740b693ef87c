import { type App, Fault } from '@patgate/service-kit'
import { readAnswer } from '../internal-calls/read-answer.ts'
import type { UpstreamPool } from '../proxy/upstreams.ts'

const DOCUMENT = '/v1/openapi.json'
const ANSWER_WITHIN_MS = 5_000
const MAX_DESCRIPTION_BYTES = 8 * 1024 * 1024
const KEPT_MS = 60_000

/** As much of a description as has to be known to put several together. */
interface Description {
  readonly paths: Record<string, unknown>
  readonly components: Readonly<Record<string, Record<string, unknown>>>
}

/**
 * One description of the whole API (api.md): each service describes its own calls, and this puts them together, the first
 * one's words first. Without one of them it is 503, because half a description would look like a whole one.
 */
export function registerApiDescription(app: App, services: readonly UpstreamPool[]): void {
  let kept: { readonly text: Buffer; readonly untilMs: number } | null = null

  async function read(): Promise<Buffer> {
    const parts = await Promise.all(services.map(readPart))
    const [first] = parts
    if (first === undefined) throw new Fault('unavailable', { message: 'no service describes its calls' })
    return Buffer.from(JSON.stringify({ ...first, paths: mergePaths(parts), components: mergeComponents(parts) }))
  }

  app.get(DOCUMENT, { config: { policy: 'front_door' } }, async (_request, reply) => {
    if (kept === null || kept.untilMs < performance.now()) {
      kept = { text: await read(), untilMs: performance.now() + KEPT_MS }
    }
    return reply.type('application/json').header('cache-control', 'public, max-age=300').send(kept.text)
  })
}

async function readPart({ pool, origin }: UpstreamPool): Promise<Description> {
  try {
    const { statusCode, body } = await pool.request({
      origin,
      path: DOCUMENT,
      method: 'GET',
      headersTimeout: ANSWER_WITHIN_MS,
      bodyTimeout: ANSWER_WITHIN_MS
    })
    const part = statusCode === 200 ? await readAnswer(body, MAX_DESCRIPTION_BYTES) : await body.dump()
    if (isDescription(part)) return part
    throw new Error(`answered ${statusCode}, and no description`)
  } catch (cause) {
    throw new Fault('unavailable', { message: 'a service does not describe its calls now', cause })
  }
}

function isDescription(part: unknown): part is Description {
  if (typeof part !== 'object' || part === null || !('paths' in part && 'components' in part)) return false
  return typeof part.paths === 'object' && typeof part.components === 'object' && part.components !== null
}

function mergePaths(parts: readonly Description[]): Description['paths'] {
  return Object.assign({}, ...parts.toReversed().map(({ paths }) => paths))
}

function mergeComponents(parts: readonly Description[]): Description['components'] {
  const kinds = new Set(parts.flatMap(({ components }) => Object.keys(components)))
  return Object.fromEntries(
    [...kinds].map((kind) => [kind, Object.assign({}, ...parts.toReversed().map(({ components }) => components[kind]))])
  )
}
