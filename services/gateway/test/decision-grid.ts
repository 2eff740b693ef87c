import { ERROR_CATALOGUE, type ErrorName } from '@patgate/domain'
import { type DecisionCase, type Expected, PLANES } from './decision-case.ts'
import type { TokenName } from './decision-tokens.ts'

/**
 * Each row is a request and what it asks for, each column a token:
 * `ok` allowed, `S` insufficient_scope, `O` owner_not_permitted, `A` address_not_allowed, `T` invalid_token,
 * `-` not_found, `M` method_not_allowed.
 */
const GRID = `
                                            all reader one guest ceiling every bare elsewhere away revoked expired session none
GET    /api/groups/demo/dashboards          ok  ok     S   ok    ok      ok    S    S         A    T       T       ok      T    | demo dashboard * list
HEAD   /api/groups/demo/dashboards          ok  ok     S   ok    ok      ok    S    S         A    T       T       ok      T    | demo dashboard * list
GET    /api/groups/demo/dashboards/         ok  ok     S   ok    ok      ok    S    S         A    T       T       ok      T    | demo dashboard * list
GET    /api/groups/demo/dashboards?a=1      ok  ok     S   ok    ok      ok    S    S         A    T       T       ok      T    | demo dashboard * list
POST   /api/groups/demo/dashboards          ok  S      S   O     ok      ok    S    S         A    T       T       ok      T    | demo dashboard * create
GET    /api/groups/demo/dashboards/sales    ok  ok     ok  ok    ok      ok    S    S         A    T       T       ok      T    | demo dashboard sales read
GET    /api/groups/demo/dashboards/s%61les  ok  ok     ok  ok    ok      ok    S    S         A    T       T       ok      T    | demo dashboard sales read
PUT    /api/groups/demo/dashboards/sales    ok  S      ok  O     O       ok    S    S         A    T       T       ok      T    | demo dashboard sales update
PATCH  /api/groups/demo/dashboards/sales    ok  S      ok  O     O       ok    S    S         A    T       T       ok      T    | demo dashboard sales update
DELETE /api/groups/demo/dashboards/sales    ok  S      ok  O     O       ok    S    S         A    T       T       ok      T    | demo dashboard sales delete
GET    /api/groups/demo/dashboards/costs    ok  ok     S   ok    ok      ok    S    S         A    T       T       ok      T    | demo dashboard costs read
POST   /api/groups/demo/dashboards/x/share  ok  S      S   O     O       ok    S    S         A    T       T       ok      T    | demo dashboard x share
GET    /api/groups/other/dashboards         S   S      S   S     S       O     S    ok        A    T       T       O       T    | other dashboard * list
GET    /admin/x                             ok  ok     S   ok    ok      ok    S    S         A    T       T       ok      T    | demo dashboard * read
GET    /tools/x                             S   S      S   S     S       ok    S    S         A    T       T       T       T    | 
DELETE /api/groups/demo/dashboards          M   M      M   M     M       M     M    M         M    M       M       M       M    | 
GET    /public/x                            ok  ok     ok  ok    ok      ok    ok   ok        ok   ok      ok      ok      ok   | 
GET    /nowhere                             -   -      -   -     -       -     -    -         -    -       -       -       -    | 
`

const SYMBOLS: Readonly<Record<string, ErrorName>> = {
  S: 'insufficient_scope',
  O: 'owner_not_permitted',
  A: 'address_not_allowed',
  T: 'invalid_token',
  '-': 'not_found',
  M: 'method_not_allowed'
}

/** What `decide` can know: it is asked once a credential is valid, and from where it may be used. */
const KNOWN_TO_DECIDE: ReadonlySet<string> = new Set(['ok', 'S', 'O'])

export function gridCases(): DecisionCase[] {
  const [header = '', ...rows] = GRID.split('\n').filter((line) => line.trim() !== '')
  const tokens = header.trim().split(/ +/)
  return rows.flatMap((row) => {
    const [request = '', ask = ''] = row.split('|').map((part) => part.trim())
    const [method = '', target = '', ...cells] = request.split(/ +/)
    return cells.map((cell, column): DecisionCase => {
      const token = tokens[column] === 'none' ? null : (tokens[column] as TokenName)
      const isForDecide = ask !== '' && token !== null && KNOWN_TO_DECIDE.has(cell)
      return {
        name: `${method} ${target} with ${token ?? 'nothing'}`,
        token,
        method,
        target,
        expected: cell === 'ok' ? { status: 200, code: null } : expected(SYMBOLS[cell]),
        ...(isForDecide ? { ask } : {}),
        planes: PLANES
      }
    })
  })
}

export function expected(name: ErrorName | undefined): Expected {
  if (name === undefined) throw new Error('the grid has a symbol of no meaning')
  return { status: ERROR_CATALOGUE[name].status, code: name === 'header_too_large' ? 'too_large' : name }
}
