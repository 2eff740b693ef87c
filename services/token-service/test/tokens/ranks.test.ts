import { test } from 'tap'
import { makeCrew } from '../support/bots.ts'
import type { Client } from '../support/client.ts'
import { openService } from '../support/service.ts'

test('ranks of those who hand out, revoke and restore', async (t) => {
  const service = await openService(t)
  const people: Record<string, Client> = {
    owner: await service.asNewPerson('olga'),
    maintainer: await service.asNewPerson('mia'),
    groupOwner: await service.asNewPerson('gustav'),
    admin: await service.asAdmin()
  }
  const person = (name: string): Client => people[name] ?? service.anybody
  const { botId } = await makeCrew(person('groupOwner'), 'crew', { maintainer: person('maintainer') })

  await t.test('nobody hands out more than their own role', async (t) => {
    const chief = await person('groupOwner').call('POST /v1/groups/crew/bots', { name: 'chief', role: 'owner' })
    const owner = chief.body.id
    const make = { name: 'x', scopes: [], owner }
    t.equal((await person('maintainer').call('POST /v1/tokens', make)).status, 403)
    t.equal((await person('maintainer').call('POST /v1/tokens', { ...make, access_level: 'maintainer' })).status, 201)
    const { body: token } = await person('groupOwner').call('POST /v1/tokens', make)
    for (const call of ['regenerate', 'rotate']) {
      const answer = await person('maintainer').call(`POST /v1/tokens/${token.id}/${call}`, { expires_in: '1d' })
      t.equal(answer.status, 403, call)
    }
    t.equal((await person('maintainer').call(`POST /v1/tokens/${token.id}/revoke`)).status, 200, 'ending is no giving')
  })

  await t.test('a revocation says in what capacity', async (t) => {
    const reasonOf = async (maker: Client, fields: object, by: string) => {
      const { id } = await maker.createToken(fields)
      const { body } = await person(by).call(`POST /v1/tokens/${id}/revoke`)
      return body.revoked_by === person(by).userId ? body.revoked_reason : 'nobody'
    }
    t.equal(await reasonOf(person('owner'), {}, 'owner'), 'owner')
    t.equal(await reasonOf(person('owner'), {}, 'admin'), 'admin')
    t.equal(await reasonOf(person('maintainer'), { owner: botId }, 'groupOwner'), 'manager')
    t.equal(await reasonOf(person('maintainer'), { owner: botId }, 'admin'), 'admin')
  })

  await t.test('whoever revoked ranks no higher than who restores', async (t) => {
    const restore = async (fields: object, maker: string, revokedBy: string, restoredBy: string) => {
      const { id } = await person(maker).createToken(fields)
      await person(revokedBy).call(`POST /v1/tokens/${id}/revoke`)
      const answer = await person(restoredBy).call(`POST /v1/tokens/${id}/restore`)
      return answer.status === 200 ? answer.body.status : answer.body.code
    }
    const bot = { owner: botId }
    t.equal(await restore({}, 'owner', 'owner', 'owner'), 'active')
    t.equal(await restore({}, 'owner', 'admin', 'owner'), 'forbidden')
    t.equal(await restore({}, 'owner', 'admin', 'admin'), 'active', 'administrators lift what one of them did')
    t.equal(await restore(bot, 'maintainer', 'maintainer', 'maintainer'), 'active')
    t.equal(await restore(bot, 'maintainer', 'maintainer', 'groupOwner'), 'active')
    t.equal(await restore(bot, 'maintainer', 'groupOwner', 'maintainer'), 'forbidden')
    t.equal(await restore(bot, 'maintainer', 'admin', 'groupOwner'), 'forbidden')
  })
})
