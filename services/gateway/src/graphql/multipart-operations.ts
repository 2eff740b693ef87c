import type { GraphqlLimits } from './graphql-limits.ts'
import { type BodyPart, splitMultipart } from './multipart-parts.ts'
import { PARAMETER_NAMES } from './request-parameters.ts'
import { unclear } from './unclear.ts'
import { parseUniqueJson } from './unique-json.ts'
import { readUtf8 } from './utf8.ts'

/** Files may stand in for variables, of the request or of one entry of a batch, and for nothing else. */
const PATH_OF_VARIABLE = /^(?:\d{1,4}\.)?variables\./
const RESERVED: ReadonlySet<string> = new Set(
  ['operations', 'map', ...PARAMETER_NAMES].map((name) => name.toLowerCase())
)

/**
 * The `operations` of a multipart upload (graphql-multipart-request-spec): first `operations`, then `map`, then only
 * parts that the map names. A server that knows nothing of uploads must not find a `query` part in it instead.
 */
export function readMultipartOperations(body: Uint8Array, boundary: string, limits: GraphqlLimits): unknown {
  const [operations, map, ...files] = splitMultipart(body, boundary, limits.parts)
  const parsed = parseUniqueJson(textOf(operations, 'operations'))
  const mapped = readMap(parseUniqueJson(textOf(map, 'map')))
  const seen = new Set<string>()
  for (const { name } of files) {
    if (!mapped.has(name) || seen.has(name)) throw unclear('Every file is named by the map, and sent once')
    seen.add(name)
  }
  return parsed
}

function textOf(part: BodyPart | undefined, name: string): string {
  if (part?.name !== name || part.isFile) throw unclear('An upload begins with the fields operations and map')
  return readUtf8(part.content)
}

function readMap(map: unknown): ReadonlySet<string> {
  if (typeof map !== 'object' || map === null || Array.isArray(map)) throw unclear('The map is not a JSON object')
  for (const [name, paths] of Object.entries(map)) {
    if (RESERVED.has(name.toLowerCase())) throw unclear('The map gives a file the name of a GraphQL parameter')
    if (!Array.isArray(paths) || !paths.every(isPathOfVariable)) {
      throw unclear('The map puts files into variables only')
    }
  }
  return new Set(Object.keys(map))
}

function isPathOfVariable(path: unknown): boolean {
  return typeof path === 'string' && PATH_OF_VARIABLE.test(path)
}
