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
 * the general library takes almost three times as long; the tests compare the two.
 */
export function canonicalJson(value: object): string {
  try {
    const text = write(value)
    if (text !== null) return text
  } catch (cause) {
    if (cause instanceof NoCanonicalForm) throw cause
    throw new NoCanonicalForm('it is too deep, or without an end', { cause })
  }
  throw new NoCanonicalForm('it is not JSON')
}

/** Null for what JSON has no word for. */
function write(value: unknown): string | null {
  switch (typeof value) {
    case 'string':
      return writeString(value)
    case 'number':
      if (!Number.isFinite(value)) throw new NoCanonicalForm(`${value} is no number of JSON`)
      return String(value)
    case 'boolean':
      return String(value)
    case 'object':
      return value === null ? 'null' : writeContainer(value)
    case 'bigint':
      throw new NoCanonicalForm('JSON has no such number')
    default:
      return null
  }
}

function writeContainer(value: object): string | null {
  if ('toJSON' in value && typeof value.toJSON === 'function') return write(value.toJSON())
  if (Array.isArray(value)) return `[${value.map((element) => write(element) ?? 'null').join(',')}]`
  return writeObject(value as Readonly<Record<string, unknown>>)
}

function writeObject(members: Readonly<Record<string, unknown>>): string {
  let text = ''
  for (const name of Object.keys(members).sort()) {
    const value = write(members[name])
    if (value === null) continue
    text += `${text === '' ? '{' : ','}${writeString(name)}:${value}`
  }
  return text === '' ? '{}' : `${text}}`
}

function writeString(text: string): string {
  if (PLAIN.test(text)) return `"${text}"`
  if (!text.isWellFormed()) throw new NoCanonicalForm('half of a surrogate pair is no character')
  return JSON.stringify(text)
}
