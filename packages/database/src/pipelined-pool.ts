import type { PostgresPool, PostgresPoolClient } from 'kysely'
import type pg from 'pg'
import { marksOf } from './prepared.ts'

/**
 * The pool as Kysely sees it. Statements go out under the name that marks them; the beginning of a transaction goes out with
 * the first statement, and the commit with one that is marked as the last: a transaction spends most of its time, and holds
 * its locks, while answers travel that nobody needs.
 */
export function pipelinedPool(pool: pg.Pool): PostgresPool {
  const known = new WeakMap<pg.PoolClient, PostgresPoolClient>()
  return {
    options: pool.options,
    end: () => pool.end(),
    async connect() {
      const client = await pool.connect()
      const pipelined = known.get(client) ?? new PipelinedClient(client)
      known.set(client, pipelined)
      return pipelined
    }
  }
}

type Result = pg.QueryResult<never>

class PipelinedClient implements PostgresPoolClient {
  readonly #client: pg.PoolClient
  /** The beginning of the transaction, until somebody has waited for it. */
  #begun: Promise<Result> | null = null
  /** The commit that went out with the last statement, until Kysely asks for it. */
  #ended: Promise<Result> | null = null

  constructor(client: pg.PoolClient) {
    this.#client = client
  }

  readonly query = ((text: string, values: unknown[]): Promise<unknown> => {
    if (isBeginning(text)) return this.#begin(text)
    return isEnding(text) ? this.#end(text) : this.#ask(text, values)
  }) as PostgresPoolClient['query']

  release(destroy?: boolean): void {
    this.#client.release(destroy)
  }

  async #begin(text: string): Promise<Result> {
    this.#begun = inBackground(this.#client.query<never>(text))
    return NOTHING
  }

  async #ask(text: string, values: unknown[]): Promise<Result> {
    if (this.#ended !== null) throw new Error('a statement came after the last one of its transaction')
    const begun = this.#begun
    this.#begun = null
    // Without its transaction a statement would be committed by itself. One that only reads may take that chance.
    if (begun !== null && !isReading(text)) await begun
    const { name, isLast } = marksOf(text)
    const answer = this.#client.query<never>(name === undefined ? { text, values } : { name, text, values })
    if (isLast) this.#ended = inBackground(this.#client.query<never>('commit'))
    const [result] = await Promise.all([answer, begun])
    return result
  }

  /** After a statement that failed, the commit that went out behind it was a rollback. */
  async #end(text: string): Promise<Result> {
    const [begun, ended] = [this.#begun, this.#ended]
    this.#begun = null
    this.#ended = null
    await begun
    return ended ?? this.#client.query<never>(text)
  }
}

const NOTHING: Result = { command: '', rowCount: null, oid: 0, fields: [], rows: [] }

function isBeginning(text: string): boolean {
  return text === 'begin' || text.startsWith('start transaction')
}

function isEnding(text: string): boolean {
  return text === 'commit' || text === 'rollback'
}

function isReading(text: string): boolean {
  return /^(?:\s|\/\*.*?\*\/)*select\b/i.test(text)
}

/** Somebody asks later how it went. */
function inBackground<T>(work: Promise<T>): Promise<T> {
  work.catch(() => undefined)
  return work
}
