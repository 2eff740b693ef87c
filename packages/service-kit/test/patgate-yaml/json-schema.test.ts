import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { OPERATIONS, ROLES } from '@patgate/domain'
import { ConfigurationError, parsePatgateFile, ROUTE_METHODS } from '@patgate/service-kit'
import { Ajv } from 'ajv'
import { test } from 'tap'
import { parse, stringify } from 'yaml'
import { ROUTE_KEYS } from '../../src/patgate-yaml/route-members.ts'

const atRoot = (name: string): string =>
  readFileSync(fileURLToPath(new URL(`../../../../${name}`, import.meta.url)), 'utf8')
const schema = JSON.parse(atRoot('patgate.schema.json'))
const isValid = new Ajv({ allErrors: true, strict: false }).compile(schema)

/** What a schema cannot see, because it concerns two places of a file, or the meaning of a text. */
const BEYOND_A_SCHEMA = [
  /is not declared$/,
  /has no operation "/,
  /has no operation of the route$/,
  /^the route has no (query|mutation|subscription)$/,
  /the path has no parameter/,
  /stands twice/,
  / equals .* of line /,
  /cannot be set here$/,
  /is at most \S+$/,
  /is not an origin$/,
  /is not an http\(s\) origin$/
]

function mistakesIn(text: string): readonly string[] {
  try {
    parsePatgateFile(text)
    return []
  } catch (error) {
    if (error instanceof ConfigurationError) return error.mistakes.map((mistake) => mistake.replace(/^[^:]*:\d+: /, ''))
    throw error
  }
}

const isBeyond = (mistake: string): boolean => BEYOND_A_SCHEMA.some((pattern) => pattern.test(mistake))

/** Null where both agree, or where only the parser can know; else what each says. */
function disagreement(file: unknown): string | null {
  const text = stringify(file)
  const mistakes = mistakesIn(text)
  const accepts = isValid(file) === true
  if (accepts ? mistakes.every(isBeyond) : mistakes.length > 0) return null
  return JSON.stringify({ text, mistakes, schema: isValid.errors ?? 'accepts' }, null, 1)
}

/** Uses every key there is. */
const EVERYTHING = parse(`
entity_types: { dashboard: {}, dataset: { operations: [read, list, create] }, graphql: {} }
roles: { guest: [read], uploader: { operations: [create] } }
upstreams: { demo: { url: "http://127.0.0.1:9101", timeout: 5s, connections: 8 }, other: { url: "https://a.example.org/" } }
defaults: { credentials: [bearer, "header:X-My-Key"], audit: strict }
channels: { credentials: [bearer, "query:authorization", subprotocol], allowed_origins: ["https://app.example.org"], audit: buffered }
routes:
  - { path: /, upstream: demo, public: true }
  - { path: /all/*, upstream: demo, public: true, strip_prefix: /all, max_body: 10MiB, cors: { origins: ["http://localhost:3000"] } }
  - { resource: dashboard, path: "/api/:group/dashboards", upstream: demo, grace: 30s, sessions: false }
  - path: "/api/groups/:tenant/datasets/:id/files"
    upstream: other
    group: ":tenant"
    entity_type: dataset
    entity_id: ":id"
    operations: { GET: list, POST: create }
    websocket: read
    credentials: { order: [xc-token, "cookie:pat"], first_wins: true }
    audit: strict
    forward_credential: true
    upstream_headers: { Authorization: Bearer theirs }
    rewrite: { prefix: /api, with: /v2 }
    max_body: 1024
    timeout: 1m
  - { path: /tools/*, upstream: demo, owner_check: none, sessions: true, entity_type: dashboard, operations: { GET: read } }
  - path: /graphql
    upstream: demo
    group: demo
    entity_type: graphql
    graphql: { query: read, mutation: update, fields: { report: dashboard }, persisted: { abc: query } }
`)

test('editors know patgate.yaml by patgate.schema.json', async (t) => {
  await t.test('the file of this repository names the schema, and is right by it', async (t) => {
    const text = atRoot('patgate.yaml')
    t.match(text, /^# yaml-language-server: \$schema=\.\/patgate\.schema\.json$/m)
    t.equal(disagreement(parse(text)), null)
    t.ok(isValid(parse(text)))
  })

  await t.test('a file with every key is right by both', async (t) => {
    t.same(mistakesIn(stringify(EVERYTHING)), [])
    t.ok(isValid(EVERYTHING), JSON.stringify(isValid.errors))
  })

  await t.test(
    'it has every name that the parser has, with a word of explanation where a name does not suffice',
    async (t) => {
      const { definitions, properties } = schema
      t.same(Object.keys(definitions.route.properties).sort(), [...ROUTE_KEYS].sort())
      t.same(definitions.operation.enum, OPERATIONS)
      t.same(Object.keys(definitions.route.properties.operations.properties), ROUTE_METHODS)
      t.same(Object.keys(properties.roles.properties), ROLES)
    }
  )

  await t.test('a mistake is one for both, wherever it is', async (t) => {
    const disagreements = [...variants()].flatMap((file) => disagreement(file) ?? [])
    t.same(disagreements, [])
  })
})

/** Put in the place of everything that there is. */
const VALUES: readonly unknown[] = [
  null,
  true,
  0,
  1.5,
  '',
  'x',
  'read',
  '*',
  ':id',
  '/a',
  '5s',
  '0s',
  'bearer',
  'header:HOST',
  'http://x',
  'http://x/y',
  'none',
  [],
  ['read'],
  ['bearer'],
  [null],
  {},
  { operations: [] },
  { GET: 'read' },
  { order: ['bearer'] },
  { surprise: 1 }
]

/** Given to every route, by key: what is just right for some of them, and what is not. */
const BOUNDARIES: Readonly<Record<string, readonly unknown[]>> = {
  path: [
    '/',
    '/*',
    '/a/*',
    '/*/a',
    '//',
    '/..',
    '/v1',
    '/v1/x',
    '/mm',
    '/:id/a',
    '/:group/b',
    '/a/',
    '/A~._-',
    '/ä',
    '/a;b',
    '/%41'
  ],
  resource: ['dashboard'],
  public: [true, false],
  group: ['demo', 'NOT', ':group', ':nowhere', ''],
  entity_type: ['dashboard'],
  entity_id: ['one', '*', ':id', 'a b', 'a*', 'ä'.repeat(255), 'a'.repeat(256)],
  operations: [{ GET: 'read' }, { BREW: 'read' }, {}],
  graphql: [{ query: 'read' }, { persisted: { '': 'query' } }, { fields: { 'a-b': 'dashboard' } }],
  websocket: ['read', 'fly'],
  credentials: [
    ['cookie:a'],
    ['cookie:a b'],
    ['header:x_y'],
    ['query:a', 'subprotocol'],
    ['client', 'devices'],
    ['client'],
    { order: [] },
    { first_wins: true }
  ],
  owner_check: ['role', 'none', 'both'],
  sessions: [false],
  grace: ['1s', '30s', '31s', '0s', '1m', '030s'],
  audit: ['strict'],
  upstream_headers: [{ a_b: 'x' }, { Authorization: 'ü' }, { X: '\t ~' }],
  strip_prefix: ['/a', '/', '/a/', '/../b', '/:id'],
  rewrite: [{ prefix: '/a', with: '/b' }, { prefix: '/a' }],
  cors: [{ origins: [] }, { origins: ['*'] }, { origins: ['https://a.example.org', 'https://A.example.org'] }, {}],
  max_body: [0, -1, '1KiB', '1KB', '1.5MiB'],
  timeout: ['1s', '1h30m', '0s', '1d', '10'],
  surprise: [1]
}

type Container = Record<string, unknown>

/** Everything but the routes, and each route with no more than it needs: short files, because there are many. */
function basesOf({ routes, ...sections }: typeof EVERYTHING): Container[] {
  const { entity_types, upstreams } = sections
  return [
    { ...sections, routes: [] },
    ...routes.map((route: unknown) => ({ entity_types, upstreams, routes: [route] }))
  ]
}

/** Every file that differs from one of those in one place. */
function* variants(): Generator<Container> {
  for (const base of basesOf(EVERYTHING)) {
    for (const [index] of placesOf(partOf(base)).entries()) {
      yield changed(base, (file) => remove(...placeIn(file, index)))
      for (const value of VALUES) {
        yield changed(base, (file) => {
          const [container, name] = placeIn(file, index)
          container[name] = value
        })
      }
    }
    for (const [key, values] of Object.entries(BOUNDARIES)) {
      for (const value of values) {
        yield changed(base, ({ routes }) => Object.assign((routes as Container[])[0] ?? {}, { [key]: value }))
      }
    }
    for (const connections of [0, 1, 10_000, 10_001]) {
      yield changed(base, ({ upstreams }) => Object.assign((upstreams as Container).demo ?? {}, { connections }))
    }
  }
}

function changed(base: Container, change: (file: Container) => void): Container {
  const file = structuredClone(base)
  change(file)
  return file
}

/** The route where there is one: what is around it has a base of its own. */
function partOf(file: Container): Container {
  const [route] = file.routes as Container[]
  return route ?? file
}

function placeIn(file: Container, index: number): [Container, string] {
  const place = placesOf(partOf(file))[index]
  if (place === undefined) throw new Error('the copy has fewer places than the original')
  return place
}

function remove(container: Container, name: string): void {
  if (Array.isArray(container)) container.splice(Number(name), 1)
  else delete container[name]
}

/** Every member of every mapping and every list, by what holds it. */
function placesOf(container: Container): [Container, string][] {
  return Object.entries(container).flatMap(([name, value]): [Container, string][] => [
    [container, name],
    ...(typeof value === 'object' && value !== null ? placesOf(value as Container) : [])
  ])
}

test('the guide explains every key of a route, and none that there is not', (t) => {
  const [, table = ''] = atRoot('docs/guides/routes.md').split('## Every key')
  const explained = [...table.matchAll(/^\| `(\w+)` /gm)].map(([, key]) => key)
  t.same(explained.toSorted(), [...ROUTE_KEYS].toSorted())
  t.end()
})
