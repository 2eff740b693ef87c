import { type Test, test } from 'tap'
import type { Document, Operation } from '../openapi/document.ts'
import { type Answer, type Client, createClient } from '../support/client.ts'
import { OTHER_CALLS, QUERIES } from '../support/invalid-other-calls.ts'
import { type CallWithFields, TOKEN_CALLS } from '../support/invalid-token-calls.ts'
import { openService } from '../support/service.ts'

const BODIES_THAT_ARE_NO_OBJECT: unknown[] = [[], '"x"', 'null', '7']
const CALLS: Record<string, CallWithFields> = { ...TOKEN_CALLS, ...OTHER_CALLS, ...QUERIES }
/** Forms and queries of OAuth: invalid-oauth-values.test.ts. */
const TESTED_ELSEWHERE = [
  'POST /v1/introspect',
  'POST /v1/token-exchange',
  'GET /v1/oidc/start',
  'GET /v1/oidc/callback'
]

test('for each field of each call, invalid values are refused and say which field', async (t) => {
  const service = await openService(t)
  const admin = await service.asAdmin()
  const owner = await service.asNewPerson('olga')
  await owner.call('POST /v1/groups', { slug: 'crew', name: 'Crew' })
  await admin.call(`PATCH /v1/users/${owner.userId}`, { admin: true })
  const { id, secret, ...token } = await owner.createToken({ expires_in: '30d', self_rotate: true })
  const bot = (await owner.call('POST /v1/groups/crew/bots', { name: 'b', role: 'guest' })).body
  const serviceClient = (await owner.call('POST /v1/service-clients', { name: 'c', audiences: [], groups: [] })).body
  const ids: Record<string, string> = { id, user: admin.userId, slug: 'crew', bot: bot.id, client: serviceClient.id }
  const withIds = (text: string): string =>
    text.replace(/:(id|user|slug|bot|client)\b/g, (_, name) => ids[name] ?? name)
  const holder = createClient(service.app, { token: secret, user: { id: owner.userId } })
  const callerOf = (call: string): Client => (call.includes('/self/') ? holder : owner)

  const refused = (t: Test, { status, body }: Answer, shown: string): void => {
    t.same([status, body?.code], [400, 'invalid_request'], shown)
    t.ok(body?.errors?.length > 0 || body?.detail, `${shown} says what is wrong`)
  }

  async function tryBodies(t: Test, call: string, { valid = {}, fields = {} }: CallWithFields): Promise<void> {
    const target = withIds(call)
    const good = JSON.parse(withIds(JSON.stringify(valid)))
    for (const [field, values] of Object.entries(fields)) {
      for (const value of values) {
        const answer = await callerOf(call).call(target, { ...good, [field]: value })
        refused(t, answer, `${field}: ${JSON.stringify(value)?.slice(0, 80)}`)
      }
    }
    for (const body of BODIES_THAT_ARE_NO_OBJECT) {
      const headers = typeof body === 'string' ? { 'content-type': 'application/json' } : {}
      t.equal((await callerOf(call).call(target, body, headers)).status, 400, String(body))
    }
    t.equal((await callerOf(call).call(`${target}?x=1`, good)).status, 400, 'an unknown query parameter')
    t.equal((await callerOf(call).call(`${target}?wait=maybe`, good)).status, 400, 'neither patience nor impatience')
    const form = { 'content-type': 'application/x-www-form-urlencoded' }
    t.equal((await callerOf(call).call(target, 'name=x', form)).status, 415)
  }

  async function tryQueries(t: Test, call: string, { query = {}, validQuery = '' }: CallWithFields): Promise<void> {
    for (const [name, values] of Object.entries({ ...query, x: ['1'] })) {
      for (const value of values) {
        const kept = validQuery.startsWith(`${name}=`) ? '' : `${validQuery}&`
        refused(t, await owner.call(withIds(`${call}?${kept}${name}=${encodeURIComponent(value)}`)), `${name}=${value}`)
      }
    }
  }

  for (const [call, described] of Object.entries(CALLS)) {
    await t.test(call, async (t) => {
      if (described.fields !== undefined) await tryBodies(t, call, described)
      if (described.query !== undefined) await tryQueries(t, call, described)
      for (const name of ['id', 'user', 'bot', 'client']) {
        if (!call.includes(`:${name}`)) continue
        const answer = await owner.call(withIds(call.replace(`:${name}`, 'x')), described.valid)
        t.equal(answer.status, 400, `no ${name}`)
      }
    })
  }

  await t.test('nothing of all that changed or made anything', async (t) => {
    t.same((await owner.call('GET /v1/tokens?status=all')).body.items, [{ id, ...token }])
    t.equal((await owner.call('GET /v1/users')).body.items.length, 2)
    t.equal((await owner.call('GET /v1/groups')).body.items.length, 1)
    t.same((await owner.call('GET /v1/groups/crew/bots')).body.items, [bot])
    t.equal((await owner.call('GET /v1/service-clients')).body.items.length, 1)
  })

  await t.test('every field and query parameter that the API describes is among them', async (t) => {
    const document: Document = (await service.anybody.call('GET /v1/openapi.json')).body
    const shapeOf = (call: string): string => call.replace(/:\w+|\{\w+\}/g, ':')
    const known = new Map(Object.entries(CALLS).map(([call, described]) => [shapeOf(call), described]))
    const tried = (call: string): string[] => {
      const { fields = {}, query = {} } = known.get(shapeOf(call)) ?? {}
      return [...Object.keys(fields), ...Object.keys(query)]
    }
    for (const [path, operations] of Object.entries(document.paths)) {
      for (const [method, operation] of Object.entries(operations)) {
        const call = `${method.toUpperCase()} ${path}`
        if (TESTED_ELSEWHERE.includes(call)) continue
        const missing = inputsOf(document, operation).filter((name) => !tried(call).includes(name))
        t.same(missing, [], call)
      }
    }
  })
})

/** The names of all that a call takes in its body and query; `wait`, which all that change something take, is tried above. */
function inputsOf(document: Document, operation: Operation): string[] {
  const schema = operation.requestBody?.content['application/json']?.schema
  const name = schema?.$ref?.split('/').at(-1)
  const properties = (name === undefined ? schema : document.components.schemas[name])?.properties ?? {}
  const query = (operation.parameters ?? []).filter((parameter) => parameter.in === 'query')
  return [...Object.keys(properties), ...query.map((parameter) => parameter.name)].filter((input) => input !== 'wait')
}
