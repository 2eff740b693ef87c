/** PostgreSQL has no year 0, which RFC 3339 allows to write; and no suffix in brackets (RFC 9557). */
export function isStorableTime(text: string): boolean {
  return !text.startsWith('0000') && !text.includes('[')
}
