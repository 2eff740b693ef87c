import { unclear } from './unclear.ts'

/**
 * Parses JSON in which no object has the same name twice. Of `{"query":"{a}","query":"mutation{b}"}` one server runs
 * the first and another the last, so such a text is refused whole, at whatever depth.
 */
export function parseUniqueJson(text: string): unknown {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (cause) {
    throw unclear('The body is not valid JSON', cause)
  }
  if (hasRepeatedName(text)) throw unclear('An object of the body has the same name twice')
  return value
}

/** Walks over a text that is known to be valid JSON: a string before a colon is a name, and nothing else is. */
function hasRepeatedName(text: string): boolean {
  const open: Set<string>[] = []
  let lastString = ''
  for (let at = 0; at < text.length; at++) {
    const character = text[at]
    if (character === '"') {
      const end = endOfString(text, at)
      lastString = text.slice(at, end)
      at = end - 1
    } else if (character === '{') open.push(new Set())
    else if (character === '}') open.pop()
    else if (character === ':') {
      // Decoded first: `"\u0071uery"` is the same name as `"query"`.
      const name = JSON.parse(lastString) as string
      const names = open.at(-1)
      if (names?.has(name)) return true
      names?.add(name)
    }
  }
  return false
}

/** The index after the closing quote. */
function endOfString(text: string, start: number): number {
  let at = start + 1
  while (text[at] !== '"') at += text[at] === '\\' ? 2 : 1
  return at + 1
}
