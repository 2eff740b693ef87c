/** The value of one cookie; null when it was not sent. */
export function readCookie(header: string | undefined, name: string): string | null {
  const pair = cookiePairs(header).find((candidate) => nameOf(candidate) === name)
  return pair === undefined ? null : pair.slice(pair.indexOf('=') + 1)
}

/** The header without the cookies that `isDropped` names; null when none is left. */
export function withoutCookies(header: string, isDropped: (name: string, value: string) => boolean): string | null {
  const kept = cookiePairs(header).filter((pair) => !isDropped(nameOf(pair), pair.slice(pair.indexOf('=') + 1)))
  return kept.length === 0 ? null : kept.join('; ')
}

function cookiePairs(header: string | undefined): string[] {
  return (header ?? '')
    .split(';')
    .map((pair) => pair.trim())
    .filter(Boolean)
}

function nameOf(pair: string): string {
  const equals = pair.indexOf('=')
  return equals === -1 ? pair : pair.slice(0, equals)
}
