import { test } from 'tap'
import { readQueryString } from '../../src/graphql/query-string.ts'
import { faultOf } from '../support/fault-of.ts'

test('parameters are decoded once, and names of others are left alone', async (t) => {
  t.strictSame(
    [...readQueryString('?query=%7B+a%20%7D&lang=en&queries=1&query_id=2&operationName=')],
    [
      ['query', '{ a }'],
      ['operationName', '']
    ]
  )
  t.strictSame([...readQueryString('query=%2525')], [['query', '%25']])
  t.equal(readQueryString('').size, 0)
  t.equal(readQueryString('?').size, 0)
})

test('what two servers might read differently is refused', async (t) => {
  const refused = [
    'query={a}&query=mutation{b}',
    'query={a}&%71uery=mutation{b}',
    'query={a}&operationName=A&operationName=B',
    'query={a}&Query=mutation{b}',
    'query={a}&query[]=mutation{b}',
    'query={a}&query%5B%5D=mutation{b}',
    'query={a}&%20query=mutation{b}',
    'query={a}&query%00=mutation{b}',
    'query={a}&variables[a]=1',
    'lang=en;query=mutation{b}',
    'query={a}&x=%ff&%ff=1',
    'query=%ff',
    'query=%7'
  ]
  for (const raw of refused) t.equal(faultOf(() => readQueryString(raw))?.kind, 'invalid_request', raw)
})
