import { createHash, randomBytes } from 'node:crypto'
import { crc32 } from 'node:zlib'
import { BASE62_ALPHABET, isBase62Code, toBase62 } from './base62.ts'

const RANDOM_LENGTH = 32
const CHECKSUM_LENGTH = 6
const BODY_LENGTH = RANDOM_LENGTH + CHECKSUM_LENGTH

/** Bytes from a cryptographically secure source; an argument so that tests can name the bytes. */
export type RandomSource = (size: number) => Uint8Array

/** 2–20 characters of `[a-z0-9_]`, starting with a letter, not ending in `_`. */
export const PREFIX_PATTERN = '^[a-z][a-z0-9_]{0,18}[a-z0-9]$'

/** Mints a token string: 190 random bits without modulo bias, and a checksum that scanners can verify offline. */
export function mintToken(prefix: string, random: RandomSource = randomBytes): string {
  const unsigned = `${prefix}_${randomCharacters(random)}`
  return unsigned + checksumOf(unsigned)
}

/**
 * True when the string could have been minted with this prefix: right length, alphabet and checksum.
 * Costs no I/O and refuses most garbage before it has looked at more than its length (api.md: wrong tokens
 * of any length answer 401 without a look-up).
 */
export function isWellFormedToken(text: string, prefix: string): boolean {
  const bodyStart = prefix.length + 1
  if (text.length !== bodyStart + BODY_LENGTH) return false
  if (!text.startsWith(prefix) || text.charCodeAt(prefix.length) !== 95) return false
  for (let index = bodyStart; index < text.length; index++) {
    if (!isBase62Code(text.charCodeAt(index))) return false
  }
  const checksumStart = text.length - CHECKSUM_LENGTH
  return text.slice(checksumStart) === checksumOf(text.slice(0, checksumStart))
}

/** SHA-256 of the whole string: the only form in which a token is kept. 32 bytes. */
export function digestOf(token: string): Buffer {
  return createHash('sha256').update(token).digest()
}

/** What may be stored to help an owner recognise a token, such as `pat_7Kp3…OIMg`. */
export function hintOf(token: string, prefix: string): string {
  const bodyStart = prefix.length + 1
  return `${prefix}_${token.slice(bodyStart, bodyStart + 4)}…${token.slice(-4)}`
}

/** Replaces every token-shaped run in a text, of whatever prefix it is told, by `[redacted]`. */
export function redactTokens(text: string, prefix: string): string {
  return text.includes(`${prefix}_`) ? text.replace(new RegExp(`${prefix}_[0-9A-Za-z]{38}`, 'g'), '[redacted]') : text
}

function checksumOf(unsigned: string): string {
  return toBase62(crc32(unsigned), CHECKSUM_LENGTH)
}

/** Rejection sampling: a byte of 248 or more would favour the first characters of the alphabet. */
function randomCharacters(random: RandomSource): string {
  let text = ''
  while (text.length < RANDOM_LENGTH) {
    for (const byte of random(RANDOM_LENGTH - text.length)) {
      if (byte < 248) text += BASE62_ALPHABET.charAt(byte % 62)
    }
  }
  return text
}
