import { mintToken } from '@patgate/token-format'
import { test } from 'tap'
import { createStripper } from '../../src/credentials/strip-credentials.ts'

const token = mintToken('pat')
const session = [{ alg: 'EdDSA', typ: 'patgate-session+jwt' }, { sub: 'x' }, { signature: 'of enough length' }]
  .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
  .join('.')
const base64 = (text: string): string => Buffer.from(text).toString('base64')
const stripper = createStripper('pat')

test('no spelling of Authorization carries a credential of ours to an upstream', async (t) => {
  const spellings = [
    `Bearer ${token}`,
    `bearer  ${token}`,
    `Token ${token}`,
    `Client ${token}`,
    `Basic ${base64(`ada@example.org:${token}`)}`,
    `Basic  ${base64(`:${token}`)}`,
    `Basic ${base64(`x:${token}`)}===`,
    `Bearer ${session}`,
    `Bearer  ${session}`
  ]
  for (const value of spellings) t.equal(stripper.header('authorization', value, null), null, value)
})

test("an upstream's own credentials pass", async (t) => {
  for (const value of ['Bearer something-else', `Basic ${base64('ada:secret')}`, 'Digest username="ada"']) {
    t.equal(stripper.header('authorization', value, null), value)
  }
})

test('a token behind escapes is found in cookies and queries, also beside an escape that is broken', async (t) => {
  const escaped = token.replace('_', '%5F')
  t.notMatch(stripper.header('cookie', `a=${escaped}; b=kept`, null) ?? '', escaped)
  t.match(stripper.header('cookie', `a=${escaped}; b=kept`, null), 'b=kept')
  t.equal(stripper.query(`?a=%ff%20${escaped}&b=kept`, null), '?b=kept')
})
