import { parseDuration } from '@patgate/domain'
import { isAlias, isMap, isScalar, isSeq, LineCounter, type Node, type Pair, parseDocument } from 'yaml'

/** What is wrong with a file, each mistake with its line, told all at once. */
export class Mistakes {
  readonly #file: string
  readonly #found: { line: number; message: string }[] = []

  constructor(file: string) {
    this.#file = file
  }

  report(line: number, message: string): void {
    this.#found.push({ line, message })
  }

  /** In the order of the lines, each as `patgate.yaml:12: unknown key "opperations"`. */
  toList(): string[] {
    return this.#found
      .toSorted((one, other) => one.line - other.line)
      .map(({ line, message }) => `${this.#file}:${line}: ${message}`)
  }
}

type Context = { readonly mistakes: Mistakes; readonly lineOf: (node: unknown) => number | null }

/** The members of a mapping by name; a name that was not written is absent. */
export type Members<K extends string> = Readonly<Partial<Record<K, Located>>>

/**
 * One value of the file and where it stands. Every reader answers the value, or reports what is wrong on
 * its line and answers undefined, so that reading goes on and finds the next mistake.
 */
export class Located {
  readonly line: number
  readonly #value: unknown
  readonly #context: Context

  constructor(value: unknown, line: number, context: Context) {
    this.#value = value
    this.#context = context
    this.line = context.lineOf(value) ?? line
  }

  fail(message: string): undefined {
    this.#context.mistakes.report(this.line, message)
    return undefined
  }

  isText(): boolean {
    return isScalar(this.#value) && typeof this.#value.value === 'string'
  }

  isList(): boolean {
    return isSeq(this.#value)
  }

  isMapping(): boolean {
    return isMap(this.#value)
  }

  text(expected = 'text'): string | undefined {
    const scalar = isScalar(this.#value) ? this.#value.value : undefined
    return typeof scalar === 'string' ? scalar : this.fail(`needs ${expected}`)
  }

  matching(pattern: RegExp, expected: string): string | undefined {
    const text = this.text(expected)
    return text === undefined || pattern.test(text) ? text : this.fail(`"${text}" is not ${expected}`)
  }

  oneOf<T extends string>(allowed: readonly T[], what: string): T | undefined {
    const text = this.text(what)
    if (text === undefined) return undefined
    return allowed.find((candidate) => candidate === text) ?? this.fail(`unknown ${what} "${text}"`)
  }

  flag(): boolean | undefined {
    const scalar = isScalar(this.#value) ? this.#value.value : undefined
    return typeof scalar === 'boolean' ? scalar : this.fail('needs true or false')
  }

  integer(least: number, most: number): number | undefined {
    const scalar = isScalar(this.#value) ? this.#value.value : undefined
    const isRight = typeof scalar === 'number' && Number.isInteger(scalar) && scalar >= least && scalar <= most
    return isRight ? scalar : this.fail(`needs a whole number from ${least} to ${most}`)
  }

  /** A duration such as `30s`, in milliseconds; timers cannot wait much longer than some weeks. */
  durationMs(longest = '1d'): number | undefined {
    const text = this.text('a duration such as 30s')
    if (text === undefined) return undefined
    const ms = parseDuration(text) ?? this.fail(`"${text}" is not a duration such as 30s`)
    return ms === undefined || ms <= (parseDuration(longest) ?? 0) ? ms : this.fail(`"${text}" is at most ${longest}`)
  }

  items(): Located[] {
    if (!isSeq(this.#value)) return this.fail('needs a list') ?? []
    return this.#value.items.map((item) => new Located(item, this.line, this.#context))
  }

  /** Every member, whatever its name. A mapping that was left empty is an empty mapping. */
  entries(): [string, Located][] {
    if (isScalar(this.#value) && this.#value.value === null) return []
    if (!isMap(this.#value)) return this.fail('needs a mapping') ?? []
    return this.#value.items.flatMap((pair) => this.#entry(pair))
  }

  /** The members of a mapping that has only these names; any other is a mistake. */
  members<K extends string>(names: readonly K[]): Members<K> {
    const members: Partial<Record<K, Located>> = {}
    for (const [name, value] of this.entries()) {
      const known = names.find((candidate) => candidate === name)
      if (known === undefined) value.#failAtKey(name)
      else members[known] = value
    }
    return members
  }

  #entry(pair: Pair): [string, Located][] {
    const key = pair.key
    const keyLine = this.#context.lineOf(key) ?? this.line
    if (!isScalar(key) || typeof key.value !== 'string') {
      this.#context.mistakes.report(keyLine, 'a key must be text')
      return []
    }
    const value = new Located(pair.value, keyLine, this.#context)
    value.#keyLine = keyLine
    return [[key.value, value]]
  }

  #keyLine = 0

  #failAtKey(name: string): void {
    this.#context.mistakes.report(this.#keyLine, `unknown key "${name}"`)
  }
}

/** Reads YAML 1.2; what is not even YAML is reported like every other mistake. */
export function readYaml(text: string, mistakes: Mistakes): Located {
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false })
  for (const error of document.errors) mistakes.report(lines.linePos(error.pos[0]).line, error.message)
  const lineOf = (node: unknown): number | null => {
    const start = (node as Node | null)?.range?.[0]
    return start === undefined ? null : lines.linePos(start).line
  }
  const root = new Located(document.contents, 1, { mistakes, lineOf })
  if (containsAlias(document.contents)) root.fail('aliases (*name) are not supported')
  return root
}

/** Aliases would let one line's mistake stand on another's: the file is declarative and short without them. */
function containsAlias(node: unknown): boolean {
  if (isAlias(node)) return true
  if (isSeq(node)) return node.items.some(containsAlias)
  return isMap(node) && node.items.some((pair) => containsAlias(pair.value))
}
