import { type Test, test } from 'tap'
import { makeCrew } from '../support/bots.ts'
import type { Client } from '../support/client.ts'
import { openService } from '../support/service.ts'

const UNKNOWN_ID = '0198c0de-0000-7000-8000-000000000000'
const SCOPE = { group: 'crew', entity_type: 'dashboard', entity_id: '*', operations: ['read'] }

/** Each call on a token, with what to send and whether the token must be revoked before. */
const CALLS: Record<string, { call: string; body?: object; revoked?: boolean }> = {
  read: { call: 'GET /v1/tokens/:id' },
  scopes: { call: 'GET /v1/tokens/:id/scopes' },
  rename: { call: 'PATCH /v1/tokens/:id', body: { name: 'renamed' } },
  revoke: { call: 'POST /v1/tokens/:id/revoke' },
  restore: { call: 'POST /v1/tokens/:id/restore', revoked: true },
  regenerate: { call: 'POST /v1/tokens/:id/regenerate', body: { expires_in: '1d' } },
  rotate: { call: 'POST /v1/tokens/:id/rotate' },
  widen: { call: 'POST /v1/tokens/:id/scopes', body: { scopes: [{ ...SCOPE, operations: ['list'] }] } },
  narrow: { call: 'POST /v1/tokens/:id/narrow', body: { scopes: [] } },
  unscope: { call: 'DELETE /v1/tokens/:id/scopes' },
  delete: { call: 'DELETE /v1/tokens/:id', revoked: true },
  block: { call: 'POST /v1/groups/crew/tokens/:id/block' },
  unblock: { call: 'DELETE /v1/groups/crew/tokens/:id/block' },
  usage: { call: 'GET /v1/tokens/:id/usage' },
  exposure: { call: 'GET /v1/tokens/:id/exposure' },
  explain: { call: 'POST /v1/explain', body: { token_id: ':id', method: 'GET', path: '/api/groups/crew/dashboards' } },
  dropScope: { call: 'DELETE /v1/tokens/:id/scopes/:scope' }
}

/** api.md, "Who may do what with another's token": the status each of these people gets for each call. */
const PEOPLES_TOKEN: Record<string, Record<string, number>> = {
  // read scopes rename revoke restore regenerate rotate widen narrow unscope delete block unblock usage exposure explain dropScope
  owner: row([200, 200, 200, 200, 200, 200, 200, 201, 200, 204, 204, 403, 403, 200, 200, 200, 204]),
  maintainer: row([200, 200, 403, 403, 403, 403, 403, 403, 403, 403, 403, 201, 404, 403, 403, 200, 403]),
  groupOwner: row([200, 200, 403, 403, 403, 403, 403, 403, 403, 403, 403, 201, 404, 403, 403, 200, 403]),
  guest: row([404, 404, 404, 404, 404, 404, 404, 404, 404, 404, 404, 403, 403, 404, 404, 404, 404]),
  admin: row([200, 200, 403, 200, 403, 403, 403, 403, 403, 403, 204, 403, 403, 200, 200, 404, 403]),
  stranger: row([404, 404, 404, 404, 404, 404, 404, 404, 404, 404, 404, 404, 404, 404, 404, 404, 404])
}

const BOTS_TOKEN: Record<string, Record<string, number>> = {
  maintainer: row([200, 200, 200, 200, 200, 200, 200, 201, 200, 204, 204, 201, 404, 200, 200, 200, 204]),
  groupOwner: row([200, 200, 200, 200, 200, 200, 200, 201, 200, 204, 204, 201, 404, 200, 200, 200, 204]),
  guest: row([404, 404, 404, 404, 404, 404, 404, 404, 404, 404, 404, 403, 403, 404, 404, 404, 404]),
  admin: row([200, 200, 403, 200, 403, 403, 403, 403, 403, 403, 204, 403, 403, 200, 200, 404, 403]),
  stranger: row([404, 404, 404, 404, 404, 404, 404, 404, 404, 404, 404, 404, 404, 404, 404, 404, 404])
}

function row(statuses: number[]): Record<string, number> {
  return Object.fromEntries(Object.keys(CALLS).map((name, index) => [name, statuses[index] ?? 0]))
}

interface Cell {
  readonly maker: Client
  readonly fields: object
  readonly name: string
  readonly act: string
  readonly status: number
}

test('who may do what with a token', async (t) => {
  const service = await openService(t)
  const people: Record<string, Client> = {
    owner: await service.asNewPerson('olga'),
    maintainer: await service.asNewPerson('mia'),
    groupOwner: await service.asNewPerson('gustav'),
    guest: await service.asNewPerson('gerd'),
    stranger: await service.asNewPerson('sam'),
    admin: await service.asAdmin()
  }
  const person = (name: string): Client => people[name] ?? service.anybody
  const { botId } = await makeCrew(person('groupOwner'), 'crew', {
    analyst: person('owner'),
    maintainer: person('maintainer'),
    guest: person('guest')
  })

  const cell = async (t: Test, { maker, fields, name, act, status }: Cell) => {
    const { call, body, revoked = false } = CALLS[act] ?? { call: '' }
    const { id, scopes } = await maker.createToken({ scopes: [SCOPE], ...fields })
    const about = (of: string): [string, unknown] => [
      call.replace(':id', of).replace(':scope', scopes[0].id),
      JSON.parse((JSON.stringify(body) ?? 'null').replace(':id', of)) ?? undefined
    ]
    if (revoked) await maker.call(`POST /v1/tokens/${id}/revoke`)
    const answer = await person(name).call(...about(id))
    t.equal(answer.status, status, `${name}: ${act}`)
    if (answer.status !== 404) return
    const unknown = await person(name).call(...about(UNKNOWN_ID))
    const bodies = [answer.body, unknown.body].map((problem) => ({ ...problem, request_id: null }))
    t.same(bodies[0], bodies[1], `${name}: ${act} of a token that does not exist looks the same`)
  }

  const table = async (t: Test, maker: Client, fields: object, expected: typeof PEOPLES_TOKEN) => {
    for (const [name, cells] of Object.entries(expected)) {
      const row = Object.entries(cells).map(([act, status]) => cell(t, { maker, fields, name, act, status }))
      await Promise.all(row)
    }
  }

  await t.test("a person's token", (t) => table(t, person('owner'), {}, PEOPLES_TOKEN))
  await t.test("a bot's token", (t) => table(t, person('maintainer'), { owner: botId }, BOTS_TOKEN))

  await t.test('who may make tokens for whom', async (t) => {
    const status = async (name: string, owner: string) =>
      (await person(name).call('POST /v1/tokens', { name: 'x', scopes: [], owner })).status
    t.same(
      await Promise.all(['maintainer', 'groupOwner', 'guest', 'stranger', 'admin'].map((name) => status(name, botId))),
      [201, 201, 403, 404, 403],
      'for a bot'
    )
    const olga = person('owner').userId
    t.same(
      await Promise.all(['owner', 'maintainer', 'groupOwner', 'admin', 'stranger'].map((name) => status(name, olga))),
      [201, 404, 404, 404, 404],
      'for a person'
    )
    t.equal(await status('maintainer', UNKNOWN_ID), 404)
  })

  await t.test('a stranger waits for nobody who is busy with the token', async (t) => {
    const { id } = await person('owner').createToken()
    await service.deps.database.transaction().execute(async (transaction) => {
      await transaction.selectFrom('tokens').select('id').where('id', '=', id).forUpdate().execute()
      // Were it to wait for the row, this would never end: the row is free only when the stranger was answered.
      for (const [act, { call, body }] of Object.entries(CALLS)) {
        const sent = JSON.parse((JSON.stringify(body) ?? 'null').replace(':id', id)) ?? undefined
        const target = call.replace(':id', id).replace(':scope', UNKNOWN_ID)
        t.equal((await person('stranger').call(target, sent)).status, 404, act)
      }
    })
  })
})
