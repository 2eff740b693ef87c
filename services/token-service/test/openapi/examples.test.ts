import { CONSOLE_ORIGIN_HEADER, INTERNAL_KEY_HEADER } from '@patgate/contracts'
import { test } from 'tap'
import { INTERNAL_KEY, openService, type TestService } from '../support/service.ts'
import { signingKeysDirectory } from '../support/signing-keys.ts'
import { answerChecker, type Document, type Operation } from './document.ts'
import { examplePasswordHash, openExampleWorld } from './example-database.ts'

const CONSOLE_ORIGIN = 'http://127.0.0.1:8443'

type Credentials = Awaited<ReturnType<typeof openExampleWorld>>

/** Calls that an instance without single sign-on answers with a problem. */
const PROBLEMS: Readonly<Record<string, number>> = { startSignIn: 404, finishSignIn: 404 }

test('every example works as it stands, and is answered as described', { timeout: 120_000 }, async (t) => {
  const service = await openService(t, undefined, { SIGNING_KEYS_DIR: signingKeysDirectory(t) })
  const document = (await service.anybody.call('GET /v1/openapi.json')).body as Document
  const whatIsWrong = answerChecker(document)
  const passwordHash = await examplePasswordHash()

  for (const [path, operations] of Object.entries(document.paths)) {
    for (const [method, operation] of Object.entries(operations)) {
      await t.test(`${method.toUpperCase()} ${path}`, async (t) => {
        const credentials = await openExampleWorld(service, passwordHash)
        const answer = await send(service, method, path, operation, credentials)
        const expected = PROBLEMS[operation.operationId] ?? 2
        t.ok(
          String(answer.statusCode).startsWith(String(expected)),
          `${answer.statusCode} ${answer.body.slice(0, 500)}`
        )
        const [contentType = ''] = String(answer.headers['content-type'] ?? '').split(';')
        const body = answer.body === '' ? null : answer.json()
        t.equal(whatIsWrong(operation, answer.statusCode, contentType, body), '')
      })
    }
  }
})

test('the check can fail', async (t) => {
  const service = await openService(t)
  const document = (await service.anybody.call('GET /v1/openapi.json')).body as Document
  const whatIsWrong = answerChecker(document)
  const operation = document.paths['/v1/tokens/{id}']?.get
  t.ok(operation)
  if (operation === undefined) return
  t.not(whatIsWrong(operation, 200, 'application/json', { id: 'x' }), '')
  t.not(whatIsWrong(operation, 404, 'application/problem+json', { status: 404 }), '')
  t.not(whatIsWrong(operation, 200, 'text/html', ''), '')
})

function send(
  { app }: TestService,
  method: string,
  path: string,
  { operationId, parameters = [], requestBody, security }: Operation,
  credentials: Credentials
) {
  const given = parameters.filter(({ example }) => example !== undefined)
  const url = given
    .filter(({ in: place }) => place === 'path')
    .reduce((text, { name, example }) => text.replace(`{${name}}`, String(example)), path)
  const query = Object.fromEntries(
    given.filter(({ in: place }) => place === 'query').map(({ name, example }) => [name, String(example)])
  )
  const [contentType, media] = Object.entries(requestBody?.content ?? {})[0] ?? []
  const isForm = contentType === 'application/x-www-form-urlencoded'
  return app.inject({
    method: method.toUpperCase() as 'GET',
    url,
    query,
    headers: {
      ...(operationId === 'deriveSession' ? asConsole(credentials) : authorization(security, credentials)),
      ...(media?.example === undefined ? {} : { 'content-type': contentType })
    },
    ...(media?.example === undefined
      ? {}
      : { payload: isForm ? new URLSearchParams(media.example).toString() : JSON.stringify(media.example) })
  })
}

function authorization(security: Operation['security'], credentials: Credentials): Record<string, string> {
  const [scheme] = security.flatMap(Object.keys)
  return scheme === undefined ? {} : { authorization: credentials[scheme as keyof Credentials] }
}

/** Only the console's own pages can copy its session. */
function asConsole({ session }: Credentials): Record<string, string> {
  return {
    [INTERNAL_KEY_HEADER]: INTERNAL_KEY,
    [CONSOLE_ORIGIN_HEADER]: CONSOLE_ORIGIN,
    origin: CONSOLE_ORIGIN,
    cookie: `patgate_session=${session.replace('Bearer ', '')}`
  }
}
