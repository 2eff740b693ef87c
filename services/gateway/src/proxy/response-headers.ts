import { isHopByHop } from './hop-by-hop.ts'

/**
 * The upstream's end-to-end response headers, names and values in turn: without those of the connection, without those its
 * `Connection` header names, and without its CORS headers where the gateway answers for CORS itself.
 */
export function responseHeaders(rawHeaders: readonly (Buffer | string)[], ownsCors: boolean): string[] {
  const texts = rawHeaders.map((part) => part.toString('latin1' as BufferEncoding))
  const named = connectionNames(texts)
  const list: string[] = []
  for (let index = 0; index < texts.length; index += 2) {
    const name = texts[index] ?? ''
    const lowerCase = name.toLowerCase()
    const isDropped = isHopByHop(lowerCase) || named.has(lowerCase)
    if (isDropped || (ownsCors && lowerCase.startsWith('access-control-'))) continue
    list.push(name, texts[index + 1] ?? '')
  }
  return list
}

const NONE: ReadonlySet<string> = new Set()

function connectionNames(texts: readonly string[]): ReadonlySet<string> {
  let names = NONE
  for (let index = 0; index < texts.length; index += 2) {
    if (texts[index]?.toLowerCase() !== 'connection') continue
    const options = (texts[index + 1] ?? '').split(',').map((option) => option.trim().toLowerCase())
    names = new Set([...names, ...options])
  }
  return names
}
