import { ExportLine } from '@patgate/contracts'
import { type Checkpoint, eventLeafHash, type Hash, isIncluded, rootAtLeaf } from '@patgate/merkle-log'
import { Compile } from 'typebox/compile'
import type { Header } from './read-header.ts'
import type { Line } from './read-lines.ts'
import { isMarkedRightly } from './time-window.ts'

/** Something that is wrong, in words. */
export interface Problem {
  /** From 1; null for what is wrong with the file as a whole. */
  readonly line: number | null
  readonly what: string
}

const lineShape = Compile(ExportLine)

/** Checks the lines behind the header, one after the other; remembers only where it is. */
export class LineChecker {
  readonly #header: Header
  readonly #checkpoint: Checkpoint
  readonly #olderSize: number | null
  #previous: number | null = null
  #lines = 0
  /** Up to where retention removed the log, as the log itself says. */
  #prunedThrough = -1
  /** The root of the log when it had `olderSize` events, once its last line has been checked. */
  olderRoot: Hash | null = null

  constructor(header: Header, checkpoint: Checkpoint, olderSize: number | null) {
    this.#header = header
    this.#checkpoint = checkpoint
    this.#olderSize = olderSize
  }

  get lines(): number {
    return this.#lines
  }

  /** What is wrong with the next line; null when nothing is. */
  check({ number, text, isWhole }: Line): Problem | null {
    this.#lines += 1
    const problem = (what: string): Problem => ({ line: number, what })
    if (!isWhole) return problem('the file ends in the middle of this line')
    const line = text === null ? undefined : parse(text)
    if (!lineShape.Check(line)) return problem('this is not a line of an export: it was changed')
    // Two members of one name, or other spaces: what another reader would see is not what is checked here.
    if (JSON.stringify(line) !== text) return problem('this line is not written as patgate writes it: it was changed')
    const what = this.#misplaced(line) ?? this.#unproven(line)
    this.#previous = Math.max(this.#previous ?? -1, line.leaf_index)
    if (what === null && line.event.type === 'audit.pruned') this.#notePruning(line.event.details)
    return what === null ? null : problem(what)
  }

  /** What is missing behind the last line. */
  finish(): Problem | null {
    const { range, count, filtered, filters } = this.#header
    const last = this.#previous
    const problem = (what: string): Problem => ({ line: null, what })
    if (range !== null && last !== range.last) {
      return problem(
        `the file ends ${last === null ? 'before its first leaf' : `at leaf ${last}`} and should go on to leaf ${range.last}: lines at its end are missing`
      )
    }
    if (count !== this.#lines) return problem(`the file has ${this.#lines} events and should have ${count}`)
    const end = range === null ? 0 : range.last + 1
    if (!filtered && filters.to === undefined && range !== null && end !== this.#checkpoint.size) {
      return problem(`the checkpoint covers ${this.#checkpoint.size} events and the export stops at leaf ${range.last}`)
    }
    return this.#unexplainedBeginning()
  }

  #notePruning({ last_leaf: last }: ExportLine['event']['details']): void {
    if (typeof last === 'number') this.#prunedThrough = Math.max(this.#prunedThrough, last)
  }

  /** A whole log begins with its first event, or right behind what it says itself that retention removed. */
  #unexplainedBeginning(): Problem | null {
    const { range, filtered, filters } = this.#header
    const isWhole = !filtered && Object.keys(filters).length === 0 && range !== null
    if (!isWhole || range.first <= this.#prunedThrough + 1) return null
    const what = `the log begins at leaf ${range.first}, and no event in it says that retention removed what was before`
    return { line: null, what }
  }

  #misplaced({ leaf_index: leaf, event, outside }: ExportLine): string | null {
    const { range, filtered, filters } = this.#header
    if (range === null || leaf < range.first || leaf > range.last) {
      return `leaf ${leaf} is outside of what the header announces`
    }
    const disorder = this.#outOfOrder(leaf, range.first)
    if (disorder !== null) return disorder
    const isMarked = outside === true
    if (filtered || isMarkedRightly(event.time, filters, isMarked)) return null
    return `leaf ${leaf} is marked as ${isMarked ? 'outside of' : 'inside'} the time asked for, and is not`
  }

  #outOfOrder(leaf: number, first: number): string | null {
    const previous = this.#previous
    if (leaf === previous) return `leaf ${leaf} comes a second time: a line was repeated`
    if (previous !== null && leaf < previous) {
      return `leaf ${leaf} stands behind leaf ${previous}: the lines were reordered or repeated`
    }
    const expected = previous === null ? first : previous + 1
    if (leaf === expected || (previous !== null && this.#header.filtered)) return null
    const missing = leaf - expected === 1 ? `leaf ${expected} is` : `leaves ${expected} to ${leaf - 1} are`
    return `${missing} missing before this line: it was removed, or the lines were reordered`
  }

  #unproven({ leaf_index: index, hashes, event }: ExportLine): string | null {
    const { size, root } = this.#checkpoint
    const proof = hashes.map((hash) => Buffer.from(hash, 'base64'))
    const leaf = leafOf(event)
    if (leaf === null || !isIncluded({ index, size, leaf, root }, proof)) {
      return `this is not what the signed log holds at leaf ${index}: the event or its proof was changed`
    }
    if (index + 1 === this.#olderSize) this.olderRoot = rootAtLeaf({ index, size, leaf }, proof)
    return null
  }
}

function leafOf(event: object): Hash | null {
  try {
    return eventLeafHash(event)
  } catch {
    return null
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
