import type { AuditEvent, EventType } from '@patgate/contracts'
import { test } from 'tap'
import { eventsOf } from '../support/events.ts'
import { stateOf } from '../support/resolve.ts'
import { openService } from '../support/service.ts'

const scope = (entity_id: string) => ({ group: 'crew', entity_type: 'dashboard', entity_id, operations: ['read'] })

interface State {
  readonly status: string
  readonly name: unknown
  readonly expiresAt: unknown
  readonly entities: readonly string[]
}

/** Which status each event needs to find, and which one it leaves. */
const STEPS: Partial<Record<EventType, readonly [from: readonly string[], to: string]>> = {
  'token.revoked': [['active'], 'revoked'],
  'token.restored': [['revoked'], 'active'],
  'token.rotated': [['active'], 'active'],
  'token.regenerated': [['active', 'revoked'], 'active'],
  'token.deleted': [['revoked'], 'deleted']
}

/** What an event makes of a state; every change finds the token as a single caller would. */
function after(state: State, { type, details }: AuditEvent): State {
  const [from, to] = STEPS[type] ?? [['active', 'revoked'], state.status]
  const status = from.includes(state.status) ? to : `impossible: ${type} of what is ${state.status}`
  const added = type === 'token.scope_added' ? (details.scopes as { entity_id: string }[]) : []
  const kept = type === 'token.scope_removed' ? [] : state.entities
  const entities = new Set([...kept, ...added.map(({ entity_id }) => entity_id)])
  return {
    status,
    name: type === 'token.updated' ? details.name : state.name,
    expiresAt: 'expires_at' in details ? details.expires_at : state.expiresAt,
    entities: [...entities].sort()
  }
}

test('50 calls on one token at once end where some order of them ends', async (t) => {
  const service = await openService(t)
  const owner = await service.asNewPerson('olga')
  await owner.call('POST /v1/groups', { slug: 'crew', name: 'Crew' })
  const { id, secret: first } = await owner.createToken({ scopes: [scope('first')] })

  const kinds = [
    (n: number) => owner.call(`POST /v1/tokens/${id}/rotate`, { overlap: '1h', expires_in: `${n + 1}d` }),
    (n: number) => owner.call(`POST /v1/tokens/${id}/regenerate`, { expires_in: `${n + 1}d` }),
    () => owner.call(`POST /v1/tokens/${id}/revoke`),
    () => owner.call(`POST /v1/tokens/${id}/restore`),
    (n: number) => owner.call(`PATCH /v1/tokens/${id}`, { name: `name ${n}` }),
    (n: number) => owner.call(`POST /v1/tokens/${id}/scopes`, { scopes: [scope(`id-${n}`)] }),
    () => owner.call(`DELETE /v1/tokens/${id}/scopes`),
    () => owner.call(`POST /v1/tokens/${id}/narrow`, { scopes: [] }),
    () => owner.call(`DELETE /v1/tokens/${id}`),
    () => owner.call(`POST /v1/groups/crew/tokens/${id}/block`)
  ]
  const calls = Array.from({ length: 50 }, (_, n) => kinds[n % kinds.length]?.(n))
  const answers = (await Promise.all(calls)).filter((answer) => answer !== undefined)

  t.same(
    answers.filter(({ status }) => ![200, 201, 204, 404, 409].includes(status)).map(({ body }) => body),
    [],
    'every call was done or refused for a reason'
  )

  const events = (await eventsOf(service.deps)).filter((event) => event.target?.id === id)
  const done = events.map((event) => event.type)
  const minted = answers.filter(({ body }) => typeof body?.secret === 'string')
  const renewed = done.filter((type) => type === 'token.rotated' || type === 'token.regenerated')
  t.equal(minted.length, renewed.length, 'one secret for each renewal on record')

  await t.test('replaying the events in their order gives the state that is there', async (t) => {
    const end = events.reduce(after, { status: 'active', name: 'a token', expiresAt: null, entities: ['first'] })
    t.notMatch(end.status, /impossible/)
    const { status, body } = await owner.call(`GET /v1/tokens/${id}`)
    if (end.status === 'deleted') return t.equal(status, 404)
    const entities = body.scopes.map((row: { entity_id: string }) => row.entity_id)
    t.same({ status: body.status, name: body.name, expiresAt: body.expires_at, entities: entities.sort() }, end)
  })

  await t.test('of all secrets, only the last and its one predecessor can work', async (t) => {
    const secrets = [first, ...minted.map(({ body }) => body.secret)]
    const states = await Promise.all(secrets.map((secret) => stateOf(service, secret)))
    t.ok(states.filter((state) => state === 'works').length <= 2, states.join(' '))
    const current = await service.deps.database
      .selectFrom('secrets')
      .select('digest')
      .where('token_id', '=', id)
      .where('retired_at', 'is', null)
      .execute()
    t.ok(current.length <= 1)
  })
})
