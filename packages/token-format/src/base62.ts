/** The token alphabet, in the order its digits count (api.md, "The token string"). */
export const BASE62_ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'

/** Writes an unsigned number in base62, left-padded with `0` to `width` characters. */
export function toBase62(value: number, width: number): string {
  let text = ''
  let rest = value
  for (let position = 0; position < width; position++) {
    text = BASE62_ALPHABET.charAt(rest % 62) + text
    rest = Math.floor(rest / 62)
  }
  return text
}

/** True for the character codes of `0-9`, `A-Z` and `a-z`. */
export function isBase62Code(code: number): boolean {
  return (code >= 48 && code <= 57) || (code >= 65 && code <= 90) || (code >= 97 && code <= 122)
}
