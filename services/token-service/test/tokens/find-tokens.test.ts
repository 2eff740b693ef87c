import { TOKEN_LIST_STATUSES } from '@patgate/contracts'
import { EXPIRING_WITHIN_MS } from '@patgate/domain'
import fc from 'fast-check'
import { sql } from 'kysely'
import { test } from 'tap'
import type { Database, TokenRow } from '../../src/database/schema.ts'
import { findTokens } from '../../src/tokens/find-tokens.ts'
import { statusOfRow } from '../../src/tokens/row-status.ts'
import { cursorAfter } from '../../src/tokens/token-filters.ts'
import { openService } from '../support/service.ts'

type Token = Pick<TokenRow, 'id' | 'name' | 'created_at' | 'expires_at' | 'revoked_at'>

const NOW_MS = Date.UTC(2030, 0, 1)
/** More than are counted, so that their names are neither rare nor, beside all the others, frequent. */
const OF_ONE_KIND = 10_050
const LETTERS = ['a', 'A', 'é', 'É', 'n', '9', ' ', '%', '_', '\\', '"', '🦊']
const names = fc.string({ unit: fc.constantFrom(...LETTERS), minLength: 1, maxLength: 12 })
const DAYS = [null, -40, -1, 3, 400]

const wanted = fc.record({
  name: fc.oneof(
    fc.string({ unit: fc.constantFrom(...LETTERS), minLength: 1, maxLength: 4 }),
    fc.constantFrom('m', 'ny', 'many', 'MANY 1', 'zz')
  ),
  status: fc.constantFrom(...TOKEN_LIST_STATUSES),
  behind: fc.nat({ max: OF_ONE_KIND + 400 })
})

test('a part of a name finds the tokens of everybody that have it, however frequent it is', async (t) => {
  const { deps, ...service } = await openService(t)
  const { userId } = await service.asNewPerson('olga')
  const insert = (named: readonly Pick<Token, 'name' | 'expires_at' | 'revoked_at'>[]) =>
    sql`
    insert into tokens (id, owner_id, name, description, created_at, created_by, updated_at, expires_at, revoked_at,
      revoked_reason)
    select gen_random_uuid(), ${userId}::uuid, name, '', at, ${userId}::uuid, at, expires_at, revoked_at,
      case when revoked_at is not null then 'owner' end
    from jsonb_to_recordset(${JSON.stringify(named)}::jsonb)
      as named (name text, expires_at timestamptz, revoked_at timestamptz),
      lateral (select date_trunc('milliseconds', '2028-01-01'::timestamptz + random() * interval '1 year') as at) made`.execute(
      deps.database
    )
  const state = (index: number): Pick<Token, 'expires_at' | 'revoked_at'> => {
    const days = DAYS[index % DAYS.length] ?? null
    return {
      expires_at: days === null ? null : new Date(NOW_MS + days * 86_400_000),
      revoked_at: index % 7 === 0 ? new Date(NOW_MS - 1000) : null
    }
  }
  await insert(Array.from({ length: OF_ONE_KIND }, (_, index) => ({ name: `Many ${index}`, ...state(index) })))
  await insert(fc.sample(names, 300).map((name, index) => ({ name, ...state(index) })))

  async function findsAll(runs: number): Promise<void> {
    await sql`analyze tokens, token_names`.execute(deps.database)
    const all = await everything(deps.database)
    await fc.assert(
      fc.asyncProperty(wanted, async ({ name, status, behind }) => {
        const matches = (token: Token) => isNamed(token, name) && has(token, status)
        const last = all[behind - 1]
        const slice = { count: 21, cursor: last && cursorAfter(last) }
        const found = await findTokens(deps.database, { name, status, ownerId: null }, slice, NOW_MS)
        const count = all.filter(matches).length
        const next = all
          .slice(last === undefined ? 0 : behind)
          .filter(matches)
          .slice(0, 21)
        t.strictSame(
          { total: found.total, ids: found.newest.map(({ id }) => id) },
          { total: count > 10_000 ? null : count, ids: next.map(({ id }) => id) }
        )
      }),
      { numRuns: runs }
    )
  }

  await t.test('as they were made', () => findsAll(80))

  await t.test('after names, expiries and revocations have changed and some are gone', async () => {
    const some = (rest: number) => sql`(hashtext(id::text) & 7) = ${rest}`
    await sql`update tokens set name = 'É ' || name where ${some(0)}`.execute(deps.database)
    await sql`update tokens set revoked_at = null, revoked_reason = null, expires_at = created_at + interval '9 years' where ${some(1)}`.execute(
      deps.database
    )
    await sql`update tokens set revoked_at = created_at, revoked_reason = 'owner' where ${some(2)}`.execute(
      deps.database
    )
    await sql`delete from tokens where ${some(3)}`.execute(deps.database)
    await findsAll(50)
  })
})

/** All tokens, newest first. */
async function everything(database: Database): Promise<Token[]> {
  return database
    .selectFrom('tokens')
    .select(['id', 'name', 'created_at', 'expires_at', 'revoked_at'])
    .orderBy('created_at', 'desc')
    .orderBy('id', 'desc')
    .execute()
}

function isNamed(token: Token, part: string): boolean {
  return token.name.toLowerCase().includes(part.toLowerCase())
}

function has(token: Token, status: (typeof TOKEN_LIST_STATUSES)[number]): boolean {
  if (status === 'all') return true
  const actual = statusOfRow(token, NOW_MS)
  const endsMs = token.expires_at?.getTime() ?? Number.POSITIVE_INFINITY
  return status === 'expiring' ? actual === 'active' && endsMs <= NOW_MS + EXPIRING_WITHIN_MS : actual === status
}
