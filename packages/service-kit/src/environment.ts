import { readFileSync } from 'node:fs'
import { BlockList, isIP } from 'node:net'
import { parseDuration } from '@patgate/domain'
import { type CleanedEnv, cleanEnv, makeValidator } from 'envalid'

/** Thrown when the environment is not usable; the message names every mistake at once. */
export class ConfigurationError extends Error {
  readonly mistakes: readonly string[]

  constructor(mistakes: readonly string[]) {
    super(`The configuration is not usable:\n${mistakes.map((mistake) => `  - ${mistake}`).join('\n')}`)
    this.name = 'ConfigurationError'
    this.mistakes = mistakes
  }
}

type Environment = Readonly<Record<string, string | undefined>>

/**
 * Reads and checks the environment by a table of envalid validators. Secrets may come from files: `X_FILE` names a file whose
 * trimmed content counts as `X`. Reports every mistake at once and yields a frozen value.
 */
export function readEnvironment<S extends Record<string, object>>(specs: S, environment: Environment): CleanedEnv<S> {
  const mistakes: string[] = []
  const values = readSecretFiles(Object.keys(specs), environment, mistakes)
  const cleaned = cleanEnv(values, specs, {
    reporter: ({ errors }) => {
      for (const [name, error] of Object.entries(errors)) {
        mistakes.push(`${name}: ${error?.message || 'is missing'}`)
      }
    }
  })
  if (mistakes.length > 0) throw new ConfigurationError(mistakes)
  return cleaned
}

function readSecretFiles(
  names: string[],
  environment: Environment,
  mistakes: string[]
): Record<string, string | undefined> {
  const values: Record<string, string | undefined> = { ...environment }
  for (const name of names) {
    const path = environment[`${name}_FILE`]
    if (path === undefined || path === '') continue
    if (environment[name] !== undefined) mistakes.push(`${name}: give either ${name} or ${name}_FILE, not both`)
    try {
      values[name] = readFileSync(path, 'utf8').trim()
    } catch (cause) {
      mistakes.push(
        `${name}_FILE: ${path} cannot be read (${(cause as NodeJS.ErrnoException).code ?? 'unknown error'})`
      )
    }
  }
  return values
}

/** A secret of at least 32 bytes; may hold two, one per line, both valid while one is being replaced. */
export const secrets = makeValidator<readonly string[]>((text) => {
  const values = text
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean)
  if (values.length === 0 || values.length > 2) throw new Error('needs one secret, or two on separate lines')
  if (values.some((value) => Buffer.byteLength(value) < 32)) throw new Error('needs at least 32 bytes')
  return values
})

/** An address such as `postgres://…`, with one of the given schemes and no trailing slash; a `default` may be empty. */
export function address(schemes: readonly string[], spec: { default?: string; desc?: string } = {}) {
  return makeValidator<string>((text) => {
    const scheme = URL.canParse(text) ? new URL(text).protocol.slice(0, -1) : ''
    if (!schemes.includes(scheme)) throw new Error(`needs an address that begins with ${schemes.join(':// or ')}://`)
    return text.replace(/\/+$/, '')
  })(spec)
}

/** An origin as browsers write it, such as `https://console.example.org`: scheme, host and port, and nothing behind. */
export const origin = makeValidator<string>((text) => {
  const { protocol, origin: named } = URL.canParse(text) ? new URL(text) : { protocol: '', origin: null }
  if (!['http:', 'https:'].includes(protocol) || (text !== named && text !== `${named}/`)) {
    throw new Error('needs an origin such as https://console.example.org, without a path')
  }
  return named ?? ''
})

/** A TCP port; 0 takes a free one. */
export const port = makeValidator<number>((text) => {
  if (!/^[0-9]{1,5}$/.test(text) || Number(text) > 65_535) throw new Error('needs a port from 0 to 65535')
  return Number(text)
})

/** A duration such as `10h`, in milliseconds. */
export const durationMs = makeValidator<number>((text) => {
  const value = parseDuration(text)
  if (value === null) throw new Error('needs a duration such as 30s, 15m, 10h or 7d')
  return value
})

/** Durations such as `5s,5m,30m`, in milliseconds, at least one. */
export const durationsMs = makeValidator<readonly number[]>((text) => {
  const values = text.split(',').map((part) => parseDuration(part.trim()))
  if (values.includes(null)) throw new Error('needs durations such as 5s,5m,30m')
  return values.filter((value) => value !== null)
})

/** Networks such as `127.0.0.0/8,::1/128`; empty means none. `*` and `/0` are refused: they would trust everybody. */
export const networks = makeValidator<BlockList>((text) => {
  const list = new BlockList()
  for (const entry of text
    .split(',')
    .map((part) => part.trim())
    .filter(Boolean))
    addNetwork(list, entry)
  return list
})

function addNetwork(list: BlockList, entry: string): void {
  const [, host = '', bits] = /^([^/]+)(?:\/([0-9]{1,3}))?$/.exec(entry) ?? []
  const family = isIP(host) === 6 ? 'ipv6' : 'ipv4'
  const widest = family === 'ipv6' ? 128 : 32
  const prefix = bits === undefined ? widest : Number(bits)
  if (isIP(host) === 0 || prefix > widest) throw new Error(`"${entry}" is not a network such as 10.0.0.0/8 or ::1/128`)
  if (prefix === 0) throw new Error(`"${entry}" would trust everybody`)
  list.addSubnet(host, prefix, family)
}

export { bool, str } from 'envalid'
