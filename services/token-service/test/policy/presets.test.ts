import { readFile } from 'node:fs/promises'
import { type Test, test } from 'tap'
import type { Client } from '../support/client.ts'
import { openService } from '../support/service.ts'

const GUIDE = new URL('../../../../docs/guides/policies.md', import.meta.url)
const DAY_MS = 86_400_000
const NO_SCOPES = { name: 'x', scopes: [] }

/** What the guide says of each preset, by the words that it begins with. */
const PRESETS: Readonly<Record<string, (t: Test, person: Client) => Promise<void>>> = {
  'One token per user': async (t, person) => {
    t.same([await create(person), await create(person)], [201, 403])
  },
  'Tokens that never expire are allowed': async (t, person) => {
    const { status, body } = await person.call('POST /v1/tokens', { ...NO_SCOPES, expires_in: 'never' })
    t.same([status, body.expires_at], [201, null])
  },
  'At most a year, and an expiry is required': async (t, person) => {
    t.same([await create(person, 'never'), await create(person, '366d'), await create(person, '365d')], [403, 403, 201])
  },
  '30, 60, 90 days or a year, nothing else': async (t, person) => {
    for (const offered of ['30d', '60d', '90d', '1y']) t.equal(await create(person, offered), 201, offered)
    t.same([await create(person, 'never'), await create(person, '2y')], [403, 403])
    const { body } = await person.call('POST /v1/tokens', NO_SCOPES)
    t.equal(Math.round((Date.parse(body.expires_at) - Date.parse(body.created_at)) / DAY_MS), 30, 'if nobody says')
    t.equal((await person.call(`DELETE /v1/tokens/${body.id}`)).status, 409, 'not while it is active')
  },
  'Any duration, but always one': async (t, person) => {
    t.same([await create(person, '20y'), await create(person, 'never')], [201, 403])
    const { id } = await person.createToken()
    t.equal((await person.call(`DELETE /v1/tokens/${id}`)).status, 204, 'also while it is active')
  }
}

async function create(person: Client, expiresIn?: string): Promise<number> {
  const wish = expiresIn === undefined ? {} : { expires_in: expiresIn }
  return (await person.call('POST /v1/tokens', { ...NO_SCOPES, ...wish })).status
}

test('the presets of the guide are policies, and do what it says of them', async (t) => {
  const service = await openService(t)
  const admin = await service.asAdmin()
  const builtIn = (await admin.call('GET /v1/policy')).body
  const guide = await readFile(GUIDE, 'utf8')
  const documented = [...guide.matchAll(/^\*\*(.+?)\*\*[^`]*```json\n(.*?)```/gms)]
  t.same(documented.map(([, title]) => title).sort(), Object.keys(PRESETS).sort(), 'each has its check')

  for (const [index, [, title = '', preset = '']] of documented.entries()) {
    await t.test(title, async (t) => {
      await admin.call('PATCH /v1/policy', builtIn)
      const { status, body } = await admin.call('PATCH /v1/policy', JSON.parse(preset))
      t.match({ status, ...body }, { status: 200, ...JSON.parse(preset) })
      await PRESETS[title]?.(t, await service.asNewPerson(`person-${index}`))
    })
  }

  await t.test('at least one scope: a token without scopes is valid, and may do nothing', async (t) => {
    const { secret } = await admin.createToken()
    const headers = { authorization: `Bearer ${secret}` }
    t.match((await service.anybody.call('GET /v1/tokens/self', undefined, headers)).body, { scopes: [] })
    const asked = { token: secret, group: 'demo', entity_type: 'dashboard', entity_id: 'x', operation: 'read' }
    t.match((await admin.call('POST /v1/explain', asked)).body, { allowed: false })
  })
})
