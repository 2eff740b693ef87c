import fc from 'fast-check'
import { test } from 'tap'
import { FormData, Response } from 'undici'
import { createGraphqlReader } from '../../src/graphql/graphql-reader.ts'
import type { GraphqlRequest } from '../../src/graphql/graphql-request.ts'
import { faultOf } from '../support/fault-of.ts'
import { graphqlRoute, MUTATION, post, QUERY } from './reading.ts'

const reader = createGraphqlReader()
const read = (request: GraphqlRequest) => reader.read(request, graphqlRoute())
const BOUNDARY = 'xyz'
const TYPE = `multipart/form-data; boundary=${BOUNDARY}`

/** A body of raw parts, each with its headers. */
const body = (...parts: string[]): string =>
  `${parts.map((part) => `--${BOUNDARY}\r\n${part}\r\n`).join('')}--${BOUNDARY}--\r\n`
const field = (name: string, value: string, more = ''): string =>
  `Content-Disposition: form-data; name="${name}"${more}\r\n\r\n${value}`
const file = (name: string, value: string): string =>
  field(name, value, '; filename="a.txt"\r\nContent-Type: text/plain')
const OPERATIONS = field('operations', '{"query":"mutation($f: Upload) { a }","variables":{"f":null}}')
const MAP = field('map', '{"0":["variables.f"]}')
const kindOf = (text: string, type = TYPE): string | undefined => faultOf(() => read(post(text, type)))?.kind

async function encode(form: FormData): Promise<GraphqlRequest> {
  const response = new Response(form)
  return post(new Uint8Array(await response.arrayBuffer()), response.headers.get('content-type') ?? '')
}

test('an upload is what its operations say, a batch too', async (t) => {
  t.strictSame(read(post(body(OPERATIONS, MAP, file('0', 'text')), TYPE)), { asks: [MUTATION], cost: 1 })
  const batch = field('operations', '[{"query":"{ a }"},{"query":"mutation { b }"}]')
  t.strictSame(read(post(body(batch, field('map', '{"f":["1.variables.x"]}'), file('f', 'x')), TYPE)), {
    asks: [QUERY, MUTATION],
    cost: 2
  })
})

test('what a browser sends is read', async (t) => {
  const form = new FormData()
  form.set('operations', JSON.stringify({ query: 'mutation { a }', variables: { f: [null, null] } }))
  form.set('map', JSON.stringify({ 0: ['variables.f.0'], 1: ['variables.f.1'] }))
  form.set('0', new Blob(['\r\n\r\n--binary\0']), 'ü "quoted".bin')
  form.set('1', new Blob(['{"query":"{ b }"}'], { type: 'application/json; charset=utf-16' }), 'b.json')
  t.strictSame(read(await encode(form)).asks, [MUTATION])
})

test('parts and headers of other clients are read', async (t) => {
  const operations =
    'Content-Disposition: form-data; name=operations\r\nContent-Type: application/json; charset=utf-8\r\nContent-Length: 17\r\n\r\n{"query":"{ a }"}'
  t.strictSame(read(post(body(operations, field('map', '{}')), `multipart/form-data; boundary="${BOUNDARY}"`)).asks, [
    QUERY
  ])
})

test('what another parser might read in another way is refused', async (t) => {
  const whole = body(OPERATIONS, MAP, file('0', 'x'))
  const refused: Record<string, string> = {
    'no operations': body(MAP),
    'no map': body(OPERATIONS),
    'the map first': body(MAP, OPERATIONS),
    'operations twice': body(OPERATIONS, OPERATIONS, MAP),
    'operations after the map': body(OPERATIONS, MAP, OPERATIONS),
    'a query part, which a server without uploads would run': body(OPERATIONS, MAP, field('query', 'mutation { b }')),
    'a query part that the map names': body(OPERATIONS, field('map', '{"query":["variables.f"]}'), field('query', 'x')),
    'a file in place of the query': body(OPERATIONS, field('map', '{"0":["query"]}'), file('0', 'mutation { b }')),
    'a file in place of a whole entry': body(OPERATIONS, field('map', '{"0":["0"]}'), file('0', 'x')),
    'a file twice': body(OPERATIONS, MAP, file('0', 'x'), file('0', 'y')),
    'operations as a file': body(file('operations', '{"query":"{ a }"}'), MAP),
    'operations in base64': body(`Content-Transfer-Encoding: base64\r\n${OPERATIONS}`, MAP),
    'operations in another charset': body(`Content-Type: text/plain; charset=utf-7\r\n${OPERATIONS}`, MAP),
    'two names': body('Content-Disposition: form-data; name="operations"; name="x"\r\n\r\n{}', MAP),
    'two dispositions': body(`Content-Disposition: form-data; name="x"\r\n${OPERATIONS}`, MAP),
    'a repeated name in operations': body(field('operations', '{"query":"{a}","query":"mutation{b}"}'), MAP),
    'a map that is no object': body(OPERATIONS, field('map', '[]')),
    'a preamble': `hello\r\n${whole}`,
    'an epilogue': `${whole}hello`,
    'no end': whole.slice(0, -4),
    'bare line feeds': whole.replaceAll('\r\n', '\n'),
    'a delimiter inside a part': body(OPERATIONS, MAP, file('0', `--${BOUNDARY}`)),
    'a folded header': body(`Content-Disposition: form-data;\r\n name="operations"\r\n\r\n{}`, MAP),
    empty: ''
  }
  for (const [name, text] of Object.entries(refused)) t.equal(kindOf(text), 'invalid_request', name)
})

test('one plain boundary, or none', async (t) => {
  const whole = body(OPERATIONS, MAP, file('0', 'x'))
  for (const parameters of ['', '; boundary=', '; boundary=xyz; boundary=abc', '; boundary="x z"', '; charset=utf-8']) {
    t.equal(kindOf(whole, `multipart/form-data${parameters}`), 'invalid_request', parameters)
  }
})

test('the number of parts is bounded', async (t) => {
  const upload = (files: number): string => {
    const names = Array.from({ length: files }, (_, i) => String(i))
    const map = JSON.stringify(Object.fromEntries(names.map((name) => [name, ['variables.f']])))
    return body(OPERATIONS, field('map', map), ...names.map((name) => file(name, 'x')))
  }
  t.equal(kindOf(upload(98)), undefined)
  t.equal(kindOf(upload(99)), 'invalid_request')
})

test('another parser finds the same operations in whatever is accepted', async (t) => {
  const noise = fc.constantFrom('', '\r\n', '--', `--${BOUNDARY}`, '"', '; name="query"', '\r\n\r\n', ' ', 'x', '=')
  const spot = fc.nat({ max: 400 })
  const whole = body(OPERATIONS, MAP, file('0', 'x'))
  let accepted = 0
  await fc.assert(
    fc.asyncProperty(fc.array(fc.tuple(spot, noise), { maxLength: 2 }), async (changes) => {
      const text = changes.reduce((inner, [at, more]) => inner.slice(0, at) + more + inner.slice(at), whole)
      if (kindOf(text) !== undefined) return true
      accepted++
      const response = new Response(text, { headers: { 'content-type': TYPE } })
      const form = await response.formData().catch(() => null)
      // A parser that refuses runs nothing; one that finds something else would run what nobody decided on.
      if (form === null) return true
      const found = read(post(String(form.get('operations'))))
      const isSame = JSON.stringify(found) === JSON.stringify(read(post(text, TYPE)))
      return isSame && form.getAll('operations').length === 1 && !form.has('query')
    }),
    { numRuns: 3_000 }
  )
  t.ok(accepted > 10, `${accepted} bodies were accepted`)
})
