import { unclear } from './unclear.ts'

/** The headers that say how to read a body. */
export interface BodyHeaders {
  readonly contentType: string | undefined
  readonly contentEncoding: string | undefined
}

/** Reads them from the raw list: of two lines Node keeps the first, and the upstream, which gets both, perhaps the last. */
export function readBodyHeaders(rawHeaders: readonly string[]): BodyHeaders {
  return {
    contentType: onlyValue(rawHeaders, 'content-type'),
    contentEncoding: onlyValue(rawHeaders, 'content-encoding')
  }
}

function onlyValue(rawHeaders: readonly string[], name: string): string | undefined {
  const values = rawHeaders.filter((_, index) => index % 2 === 1 && rawHeaders[index - 1]?.toLowerCase() === name)
  if (values.length > 1) throw unclear(`The request has ${name} twice`)
  return values[0]
}
