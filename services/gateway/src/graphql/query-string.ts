import { PARAMETER_NAMES, type ParameterName } from './request-parameters.ts'
import { unclear } from './unclear.ts'

/** A name that some server might take for one of ours: other letters' case, `query[]`, spaces before it. */
const RESEMBLES = new RegExp(`^[^a-z]*(?:${PARAMETER_NAMES.join('|')})(?![a-z0-9_-])`, 'i')

/**
 * Finds the GraphQL parameters of a raw query string, each at most once. What has another spelling but might still be
 * read as one is refused, and so is a bare `;`, at which older servers split as at `&`. Other names are not ours.
 */
export function readQueryString(raw: string): ReadonlyMap<ParameterName, string> {
  const texts = new Map<ParameterName, string>()
  const pairs = (raw.startsWith('?') ? raw.slice(1) : raw).split('&')
  for (const pair of pairs) {
    const separator = pair.indexOf('=')
    const name = decode(separator === -1 ? pair : pair.slice(0, separator))
    const parameter = PARAMETER_NAMES.find((candidate) => candidate === name)
    if (pair.includes(';')) throw unclear('A semicolon in the query string must be percent-encoded')
    if (parameter === undefined) {
      if (RESEMBLES.test(name)) throw unclear('The query string has a misspelt GraphQL parameter')
      continue
    }
    if (texts.has(parameter)) throw unclear(`The query string has ${parameter} twice`)
    texts.set(parameter, decode(separator === -1 ? '' : pair.slice(separator + 1)))
  }
  return texts
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '))
  } catch (cause) {
    throw unclear('The query string is not valid UTF-8, percent-encoded', cause)
  }
}
