import { parsePatgateFile } from '@patgate/service-kit'
import { mintToken } from '@patgate/token-format'
import { test } from 'tap'
import { compileExtractor } from '../../src/credentials/extract-credential.ts'
import { createStripper } from '../../src/credentials/strip-credentials.ts'

const ONE = mintToken('pat')
const OTHER = mintToken('pat')
const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url')
const SESSION = `${part({ alg: 'EdDSA', typ: 'patgate-session+jwt' })}.${part({ sid: 1 })}.${part({ signature: 'abcdef' })}`
const FOREIGN_JWT = `${part({ alg: 'EdDSA', typ: 'JWT' })}.${part({ sid: 1 })}.${part({ signature: 'abcdef' })}`
const basic = (pair: string): string => `Basic ${Buffer.from(pair).toString('base64')}`

function extractorOf(credentials: string, acceptsSessions = true) {
  const file = parsePatgateFile(`upstreams: {}\nroutes: []\ndefaults: { credentials: ${credentials} }`)
  return compileExtractor(file.defaults.credentials, acceptsSessions, 'pat')
}

const ALL = '[bearer, basic, client, xc-token, x-api-key, private-token, "header:X-Mine", "cookie:token"]'

test('where a credential may be', async (t) => {
  const { extract } = extractorOf(ALL)
  const token = { kind: 'token', secret: ONE }
  const cases: [string, Record<string, string>, object | null][] = [
    ['none', {}, null],
    ['bearer', { authorization: `Bearer ${ONE}` }, { credential: token }],
    ['bearer in any case', { authorization: `bEARER ${ONE}` }, { credential: token }],
    ['client in any case', { authorization: `cLIENT ${ONE}` }, { credential: { ...token, userName: '' } }],
    ['basic without a user name', { authorization: basic(`:${ONE}`) }, { credential: { ...token, userName: '' } }],
    [
      'basic with a user name',
      { authorization: basic(`a@b.c:${ONE}`) },
      { credential: { ...token, userName: 'a@b.c' } }
    ],
    ['xc-token', { 'xc-token': ONE }, { credential: token }],
    ['x-api-key', { 'x-api-key': ONE }, { credential: token }],
    ['private-token', { 'private-token': ONE }, { credential: token }],
    ['a named header', { 'x-mine': ONE }, { credential: token }],
    ['a named cookie', { cookie: `a=b; token=${ONE}` }, { credential: token }],
    ['a session as bearer', { authorization: `Bearer ${SESSION}` }, { credential: { kind: 'session' } }],
    ['a session as xc-auth', { 'xc-auth': SESSION }, { credential: { kind: 'session' } }],
    ['the same token twice', { authorization: `Bearer ${ONE}`, 'xc-token': ONE }, { credential: token }]
  ]
  for (const [name, headers, expected] of cases) t.match(extract(headers), expected, name)
})

test('what cannot be a credential is known without a look-up', async (t) => {
  const { extract } = extractorOf(ALL)
  const malformed: Record<string, string>[] = [
    { authorization: `Bearer  ${ONE}` },
    { authorization: `Bearer\t${ONE}` },
    { authorization: `Bearer ${ONE},${OTHER}` },
    { authorization: `Bearer ${ONE.slice(0, -1)}` },
    { authorization: `Bearer ${ONE.slice(0, -1)}${ONE.endsWith('0') ? '1' : '0'}` },
    { authorization: 'Bearer caf\u00e9' },
    { authorization: `Bearer pat_${'a'.repeat(8192)}` },
    { authorization: 'Bearer' },
    { authorization: '' },
    { authorization: `Digest ${ONE}` },
    { authorization: `Bearer ${FOREIGN_JWT}` },
    { authorization: `Client  ${ONE}` },
    { authorization: `Client ${ONE.slice(0, -1)}` },
    { authorization: `Client ${SESSION}` },
    { authorization: 'Client' },
    { authorization: basic(ONE) },
    { authorization: basic(`:${SESSION}`) },
    { authorization: 'Basic ***' },
    { 'xc-token': `${ONE}, ${OTHER}` },
    { 'xc-token': SESSION },
    { 'xc-auth': ONE },
    { 'x-api-key': '' }
  ]
  for (const headers of malformed) t.match(extract(headers), { credential: null }, JSON.stringify(headers).slice(0, 60))
})

test('two different credentials are ambiguous, unless the route says which wins', async (t) => {
  const two = { authorization: `Bearer ${ONE}`, 'xc-token': OTHER }
  t.throws(() => extractorOf(ALL).extract(two), { message: 'Send exactly one credential' })
  t.throws(() => extractorOf(ALL).extract({ 'xc-token': ONE, 'xc-auth': SESSION }), {
    message: 'Send exactly one credential'
  })
  const firstWins = extractorOf('{ order: [xc-token, bearer], first_wins: true }')
  t.match(firstWins.extract(two), { credential: { secret: OTHER } })
  t.match(firstWins.extract({ ...two, 'xc-token': 'bad' }), { credential: null }, 'a bad one never falls through')
  t.match(firstWins.extract({ authorization: `Bearer ${ONE}` }), { credential: { secret: ONE } })
})

test('a route reads only the places it lists', async (t) => {
  const { extract } = extractorOf('[xc-token]')
  t.equal(extract({ authorization: `Bearer ${ONE}`, 'x-api-key': ONE }), null)
  t.match(extractorOf('[bearer]').extract({ authorization: basic(`:${ONE}`) }), { credential: null })
  t.match(extractorOf('[bearer, basic]').extract({ authorization: `Client ${ONE}` }), { credential: null })
  t.match(extractorOf('[basic]').extract({ authorization: `Bearer ${ONE}` }), { credential: null })
  t.match(extractorOf('[bearer]', false).extract({ authorization: `Bearer ${SESSION}` }), { credential: null })
  t.equal(extractorOf('[bearer]', false).extract({ 'xc-auth': SESSION }), null)
})

test('no credential of ours goes to an upstream', async (t) => {
  const stripper = createStripper('pat')
  const used = { kind: 'header', name: 'x-mine' } as const
  t.equal(stripper.header('authorization', `Bearer ${ONE}`, null), null)
  t.equal(stripper.header('authorization', basic(`a:${ONE}`), null), null)
  t.equal(stripper.header('authorization', `Bearer ${SESSION}`, null), null)
  t.equal(stripper.header('authorization', `Bearer ${FOREIGN_JWT}`, null), `Bearer ${FOREIGN_JWT}`)
  t.equal(stripper.header('x-other', `see ${ONE}`, null), null)
  t.equal(stripper.header('xc-auth', 'anything', null), null)
  t.equal(stripper.header('x-mine', 'anything', used), null)
  t.equal(stripper.header('cookie', `a=b; t=${ONE}; patgate_session=s; c=d`, null), 'a=b; c=d')
  t.equal(stripper.header('cookie', `__Host-patgate_session=s`, null), null)
  t.equal(stripper.query(`?a=b&t=${ONE}&c`, null), '?a=b&c')
  t.equal(stripper.query(`?t=${ONE.replace('pat_', 'p%61t%5F')}`, null), '')
  t.equal(stripper.query('?a=b%zz&c_d=1', null), '?a=b%zz&c_d=1')
})
