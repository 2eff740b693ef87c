import type { ListTokensQuery } from '@patgate/contracts'
import { type Expression, expressionBuilder, type RawBuilder, type SqlBool, sql } from 'kysely'
import type { Database } from '../database/schema.ts'
import { behind, hasPartsOf, isNamed, statusAndOwner, type TokenExpressions } from './token-filters.ts'

export interface Wanted {
  readonly status: ListTokensQuery['status']
  readonly name: string | undefined
  /** Null: everybody's. */
  readonly ownerId: string | null
  /** SQL: which of the rows `token` the caller may see; all of them unless said. */
  readonly inSight?: Expression<SqlBool> | undefined
}

/** Which of the tokens that are wanted, newest first. */
export interface Slice {
  readonly count: number
  readonly cursor: string | undefined
}

export interface FoundToken {
  readonly id: string
  readonly created_at: Date
}

export interface FoundTokens {
  readonly newest: readonly FoundToken[]
  /** How many are wanted in all: exact up to 10,000, then null. */
  readonly total: number | null
}

const COUNTED_UP_TO = 10_000

/** One that is looked up takes as long as so many that are passed on the way along a list. */
const PASSED_MEANWHILE = 10

/** So many are passed in a few milliseconds. */
const PASSED_FIRST = 50_000

/**
 * Finds tokens by their status, owner and a part of their name. A part that is rare among the names of everybody is looked
 * up in the index of names; a frequent one is met soon enough on the way along the list (decision 0031). Which of the two
 * it is, PostgreSQL's statistics say: where they are wrong, it takes longer.
 */
export async function findTokens(
  database: Database,
  { status, name, ownerId, inSight }: Wanted,
  slice: Slice,
  nowMs: number
): Promise<FoundTokens> {
  const eb: TokenExpressions = expressionBuilder()
  const ofOwner = statusAndOwner(eb, status, ownerId, nowMs)
  const listed = inSight === undefined ? ofOwner : eb.and([ofOwner, inSight])
  const list: Rows = { from: sql.table('tokens'), matches: listed }
  const along: Rows = { ...list, matches: name === undefined ? listed : eb.and([listed, isNamed(name)]) }
  if (name === undefined || ownerId !== null) return found(first(database, along, slice), count(database, along))

  const names = sql.table('token_names')
  const [named, passed] = await Promise.all([
    estimate(database, { from: names, matches: hasPartsOf(name) }),
    estimate(database, list)
  ])
  if (named * PASSED_MEANWHILE > passed) {
    return found(first(database, along, slice), count(database, inOrderOfIndex(along, status)))
  }
  const lookedUp: Rows = { from: names, matches: eb.and([listed, hasPartsOf(name), isNamed(name)]) }
  const page = named > COUNTED_UP_TO ? onTheWay(database, list, name, slice) : NOT_ENOUGH
  const newest = page.then((met) => (met.length === slice.count ? met : first(database, lookedUp, slice)))
  return found(newest, count(database, lookedUp))
}

/**
 * The same, to be read in the order of the index that has this status. PostgreSQL, which takes every part for one that a
 * third has, would sooner read the whole table, four times as large, from wherever another reader is.
 */
function inOrderOfIndex({ from, matches }: Rows, status: Wanted['status']): Rows {
  const order = status === 'expiring' || status === 'expired' ? sql`order by token.expires_at` : NEWEST_FIRST
  return { from, matches: sql`${matches} ${order}` }
}

/** Rows that are called `token`, and which of them are meant. */
interface Rows {
  readonly from: RawBuilder<unknown>
  readonly matches: Expression<SqlBool>
}

const NOT_ENOUGH: Promise<readonly FoundToken[]> = Promise.resolve([])
const NEWEST_FIRST = sql`order by token.created_at desc, token.id desc`

async function found(newest: Promise<readonly FoundToken[]>, total: Promise<number | null>): Promise<FoundTokens> {
  const [first, counted] = await Promise.all([newest, total])
  return { newest: first, total: counted }
}

async function first(database: Database, { from, matches }: Rows, { count, cursor }: Slice): Promise<FoundToken[]> {
  const { rows } = await sql<FoundToken>`
    select token.id, token.created_at from ${from} token where ${matches} and ${behind(cursor)} ${NEWEST_FIRST} limit ${count}`.execute(
    database
  )
  return rows
}

/** Those with the name among the next of a list. Fewer than wanted, where the name is one of long ago. */
function onTheWay(database: Database, list: Rows, name: string, slice: Slice): Promise<FoundToken[]> {
  const next = sql`(
    select token.id, token.created_at, token.folded_name from ${list.from} token
    where ${list.matches} and ${behind(slice.cursor)} ${NEWEST_FIRST} limit ${PASSED_FIRST}
  )`
  return first(database, { from: next, matches: isNamed(name) }, slice)
}

async function count(database: Database, { from, matches }: Rows): Promise<number | null> {
  const { rows } = await sql<{ count: number }>`
    select count(*) from (select from ${from} token where ${matches} limit ${COUNTED_UP_TO + 1}) matching`.execute(
    database
  )
  const [counted] = rows
  return counted === undefined || counted.count > COUNTED_UP_TO ? null : counted.count
}

/** How many rows PostgreSQL expects; it looks at none of them. */
async function estimate(database: Database, { from, matches }: Rows): Promise<number> {
  const { rows } = await sql<Explained>`explain (format json) select from ${from} token where ${matches}`.execute(
    database
  )
  return rows[0]?.['QUERY PLAN'][0]?.Plan['Plan Rows'] ?? Number.POSITIVE_INFINITY
}

/** What PostgreSQL says of a plan, as far as it matters here. */
interface Explained {
  readonly 'QUERY PLAN': readonly { readonly Plan: { readonly 'Plan Rows': number } }[]
}
