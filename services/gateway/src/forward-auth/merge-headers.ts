import type { IncomingHttpHeaders } from 'node:http'

/** Lines by lower-case name, those of one name joined as RFC 9110 section 5.3 says, and cookies as RFC 6265 does. */
export function mergeHeaders(rawHeaders: readonly string[]): IncomingHttpHeaders {
  const merged: Record<string, string> = Object.create(null)
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = (rawHeaders[index] ?? '').toLowerCase()
    const value = rawHeaders[index + 1] ?? ''
    const before = merged[name]
    merged[name] = before === undefined ? value : `${before}${name === 'cookie' ? '; ' : ', '}${value}`
  }
  return merged
}
