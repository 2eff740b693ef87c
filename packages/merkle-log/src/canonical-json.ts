/** Thrown for what RFC 8785 cannot write, such as half of a surrogate pair or a number beyond all numbers. */
export class NoCanonicalForm extends Error {
  override readonly name = 'NoCanonicalForm'

  constructor(why: string, options?: ErrorOptions) {
    super(`it has no canonical form: ${why}`, options)
  }
}

/** What JSON writes as it is, between quotes. */
const PLAIN = /^[\x20\x21\x23-\x5b\x5d-\x7e]*$/

/**
 * The canonical JSON of RFC 8785: members sorted by UTF-16 code units, numbers and strings as ECMAScript writes them. What
 * `JSON.stringify` leaves out is left out. Throws `NoCanonicalForm` for what has none. Every event goes through here, and
 * the general library takes more than twice as long; the tests compare the two.
 */
export function canonicalJson(value: object): string {
  // Joined once: a text that is added to piece by piece stays in pieces, and thousands of those are what the collector
  // of garbage then works on.
  const parts: string[] = []
  try {
    if (write(value, parts)) return parts.join('')
  } catch (cause) {
    if (cause instanceof NoCanonicalForm) throw cause
    throw new NoCanonicalForm('it is too deep, or without an end', { cause })
  }
  throw new NoCanonicalForm('it is not JSON')
}

/** False, and nothing is written, for what JSON has no word for. */
function write(value: unknown, parts: string[]): boolean {
  switch (typeof value) {
    case 'string':
      parts.push(quote(value))
      return true
    case 'number':
      if (!Number.isFinite(value)) throw new NoCanonicalForm(`${value} is no number of JSON`)
      parts.push(String(value))
      return true
    case 'boolean':
      parts.push(String(value))
      return true
    case 'object':
      if (value !== null) return writeContainer(value, parts)
      parts.push('null')
      return true
    case 'bigint':
      throw new NoCanonicalForm('JSON has no such number')
    default:
      return false
  }
}

function writeContainer(value: object, parts: string[]): boolean {
  if ('toJSON' in value && typeof value.toJSON === 'function') return write(value.toJSON(), parts)
  if (Array.isArray(value)) writeArray(value, parts)
  else writeObject(value as Readonly<Record<string, unknown>>, parts)
  return true
}

function writeArray(elements: readonly unknown[], parts: string[]): void {
  parts.push('[')
  for (const [index, element] of elements.entries()) {
    if (index > 0) parts.push(',')
    if (!write(element, parts)) parts.push('null')
  }
  parts.push(']')
}

function writeObject(members: Readonly<Record<string, unknown>>, parts: string[]): void {
  let opening = '{'
  for (const name of Object.keys(members).sort()) {
    const before = parts.length
    parts.push(opening, quote(name), ':')
    if (write(members[name], parts)) opening = ','
    else parts.length = before
  }
  parts.push(opening === '{' ? '{}' : '}')
}

function quote(text: string): string {
  if (PLAIN.test(text)) return `"${text}"`
  if (!text.isWellFormed()) throw new NoCanonicalForm('half of a surrogate pair is no character')
  return JSON.stringify(text)
}
