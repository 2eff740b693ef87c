import { once } from 'node:events'
import { type IncomingMessage, request } from 'node:http'
import { text } from 'node:stream/consumers'
import { test } from 'tap'
import type { Client } from '../support/client.ts'
import { openService } from '../support/service.ts'

/** A call whose head is sent now, and whose body when its sender likes. */
interface LateCall {
  send(body: object): Promise<{ status: number | undefined; body: { code?: string } }>
}

test('a body may come late: what counts is what its sender may do when it is there', async (t) => {
  const service = await openService(t)
  const admin = await service.asAdmin()
  const origin = await service.app.listen({ host: '127.0.0.1', port: 0 })
  let heads = 0
  service.app.server.on('request', () => heads++)

  async function begin(client: Client, method: string, path: string): Promise<LateCall> {
    const before = heads
    const call = request(`${origin}${path}`, {
      method,
      headers: { authorization: `Bearer ${client.session}`, 'content-type': 'application/json' }
    })
    call.flushHeaders()
    while (heads === before) await once(service.app.server, 'request')
    return {
      async send(body) {
        call.end(JSON.stringify(body))
        const [answer]: IncomingMessage[] = await once(call, 'response')
        if (answer === undefined) throw new Error('no answer')
        return { status: answer.statusCode, body: JSON.parse((await text(answer)) || '{}') }
      }
    }
  }

  await t.test('a session that has ended meanwhile creates nothing', async (t) => {
    const leaver = await service.asNewPerson('lea')
    const other = await service.signIn('lea@example.org', 'the password of lea')
    const late = await begin(leaver, 'POST', '/v1/tokens')
    t.equal((await leaver.call('DELETE /v1/sessions/current')).status, 204)
    t.match(await late.send({ name: 'late', scopes: [] }), { status: 401, body: { code: 'invalid_token' } })
    t.equal((await other.call('GET /v1/tokens')).body.total, 0)
  })

  await t.test('whoever administers no more does so no more', async (t) => {
    const second = await service.asNewPerson('sven')
    await admin.call(`PATCH /v1/users/${second.userId}`, { admin: true })
    t.equal((await second.call('GET /v1/policy')).status, 200)
    const late = await begin(second, 'POST', '/v1/users')
    await admin.call(`PATCH /v1/users/${second.userId}`, { admin: false })
    const answer = await late.send({ email: 'accomplice@example.org', name: 'x' })
    t.match(answer, { status: 403, body: { code: 'forbidden' } })
    t.notMatch((await admin.call('GET /v1/users?limit=100')).text, 'accomplice')
  })

  await t.test('a token that was revoked meanwhile does not rotate itself', async (t) => {
    const owner = await service.asNewPerson('olga')
    const token = await owner.createToken({ self_rotate: true })
    const late = await begin({ ...owner, session: token.secret }, 'POST', '/v1/tokens/self/rotate')
    await owner.call(`POST /v1/tokens/${token.id}/revoke`)
    t.match(await late.send({}), { status: 401 })
  })

  await t.test('a call that said `?wait=false` does not wait, however late its body', async (t) => {
    const owner = await service.asNewPerson('otto')
    const late = await begin(owner, 'POST', '/v1/tokens?wait=false')
    t.match(await late.send({ name: 'late', scopes: [] }), { status: 202 })
  })
})
