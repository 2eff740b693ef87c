import { manualClock } from '@patgate/test-kit'
import { test } from 'tap'
import type { Document } from '../openapi/document.ts'
import { makeCrew } from '../support/bots.ts'
import type { Answer, Client } from '../support/client.ts'
import { openService } from '../support/service.ts'
import { listenToStatements } from '../support/statements.ts'

const SCOPE = { group: 'home', entity_type: 'dashboard', entity_id: '*', operations: ['read'] }
const NOBODYS = '0198c0de-0000-7000-8000-000000000000'

interface Target {
  readonly id: string
  readonly scope: string
}

/** Every call that takes the id of a token, and a body that is valid. */
const CALLS: Readonly<Record<string, object | undefined>> = {
  'GET /v1/tokens/{id}': undefined,
  'PATCH /v1/tokens/{id}': { name: 'x' },
  'DELETE /v1/tokens/{id}': undefined,
  'POST /v1/tokens/{id}/revoke': {},
  'POST /v1/tokens/{id}/restore': {},
  'POST /v1/tokens/{id}/regenerate': { expires_in: '1d' },
  'POST /v1/tokens/{id}/rotate': {},
  'GET /v1/tokens/{id}/scopes': undefined,
  'POST /v1/tokens/{id}/scopes': { scopes: [{ ...SCOPE, group: 'crew' }] },
  'DELETE /v1/tokens/{id}/scopes': undefined,
  'DELETE /v1/tokens/{id}/scopes/{scope_id}': undefined,
  'POST /v1/tokens/{id}/narrow': { scopes: [] },
  'GET /v1/tokens/{id}/usage': undefined,
  'GET /v1/tokens/{id}/exposure': undefined,
  'POST /v1/groups/{slug}/tokens/{id}/block': {},
  'DELETE /v1/groups/{slug}/tokens/{id}/block': undefined,
  'POST /v1/explain': { token_id: '{id}', method: 'GET', path: '/api/groups/crew/dashboards' }
}

/**
 * "A token you may not see and one that does not exist look the same, in body and in time." Of the time, what we can
 * decide is held: the same statements, in the same order.
 */
test('a token out of sight is answered like one that does not exist, byte for byte and statement for statement', async (t) => {
  const log = listenToStatements(t)
  const service = await openService(t, manualClock(Date.UTC(2030, 0, 1)))
  const owner = await service.asNewPerson('olga')
  const admin = await service.asAdmin()
  const askers = { stranger: await service.asNewPerson('sam'), maintainer: await service.asNewPerson('mia') }
  await makeCrew(owner, 'home', {})
  await makeCrew(owner, 'crew', { maintainer: askers.maintainer })
  const make = async (): Promise<Target> => {
    const { id, scopes } = await owner.createToken({ scopes: [SCOPE] })
    return { id, scope: scopes[0].id }
  }
  const [living, revoked, deleted] = [await make(), await make(), await make()]
  for (const { id } of [revoked, deleted]) await owner.call(`POST /v1/tokens/${id}/revoke`)
  await owner.call(`DELETE /v1/tokens/${deleted.id}`)
  const tokens = { living, revoked, deleted }

  // Afterwards all of them are remembered as signed in.
  for (const client of Object.values(askers)) await client.call('GET /v1/tokens')

  /** Who asks is looked up again where a busy machine let the lease lapse; that has nothing to do with what is asked for. */
  const heard = async <T>(work: () => Promise<T>) => {
    const { result, statements } = await log.during(work)
    return { result, statements: statements.filter((text) => !text.includes('prepared: resolve-session')) }
  }

  const ask = async (client: Client, call: string, { id, scope }: Target, headers: Record<string, string>) => {
    const place = (text: string): string => text.replace('{id}', id).replace('{scope_id}', scope)
    const body = CALLS[call] === undefined ? undefined : JSON.parse(place(JSON.stringify(CALLS[call])))
    const target = place(call).replace('{slug}', 'crew')
    const { result, statements } = await heard(() => client.call(target, body, headers))
    return { ...shown(result), text: textOf(result).replaceAll(id, '…'), statements }
  }

  for (const call of Object.keys(CALLS)) {
    const attempts = call.startsWith('POST') ? [{}, { 'idempotency-key': 'again' }] : [{}]
    await t.test(call, async (t) => {
      for (const [asker, client] of Object.entries(askers)) {
        for (const headers of attempts) {
          const unknown = await ask(client, call, { id: NOBODYS, scope: NOBODYS }, headers)
          t.equal(unknown.status, 404)
          t.ok(unknown.statements.length > 0, 'statements are heard')
          for (const [kind, token] of Object.entries(tokens)) {
            t.same(await ask(client, call, token, headers), unknown, `${kind}, for a ${asker}`)
          }
        }
      }
    })
  }

  await t.test('of a token by its secret, too: somebody else’s, or nobody’s', async (t) => {
    const { secret } = await owner.createToken({ scopes: [SCOPE] })
    const bySecret = (token: string) =>
      heard(() =>
        askers.stranger.call('POST /v1/explain', { token, method: 'GET', path: '/api/groups/crew/dashboards' })
      )
    const [somebodys, nobodys] = [await bySecret(secret), await bySecret('pat_000000000000000000000000000000000dawQ1')]
    t.same(shown(somebodys.result), shown(nobodys.result))
    t.equal(textOf(somebodys.result), textOf(nobodys.result))
    t.same(somebodys.statements, nobodys.statements)
  })

  await t.test('no call with the id of a token is missing here', async (t) => {
    const document: Document = (await admin.call('GET /v1/openapi.json')).body
    const calls = Object.entries(document.paths).flatMap(([path, operations]) =>
      Object.keys(operations).map((method) => `${method.toUpperCase()} ${path}`)
    )
    const withId = calls.filter((call) => /\/tokens\/\{\w+\}/.test(call))
    t.same([...withId, 'POST /v1/explain'].toSorted(), Object.keys(CALLS).toSorted())
  })
})

/** All of an answer but what names this one request. */
function shown({ status, headers: { date: _, ...headers } }: Answer) {
  return { status, headers }
}

function textOf({ text, body }: Answer): string {
  return text.replaceAll(body.request_id, '…')
}
