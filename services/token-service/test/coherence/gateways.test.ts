import { randomUUID } from 'node:crypto'
import type { RenewedLease } from '@patgate/contracts'
import { test } from 'tap'
import { INTERNAL_KEY, openService } from '../support/service.ts'

test('administrators see which gateways there are, and how far each has come', async (t) => {
  const service = await openService(t)
  const admin = await service.asAdmin()
  const [quick, slow] = [randomUUID(), randomUUID()]
  const renew = async (holder: string, name: string, at?: RenewedLease): Promise<RenewedLease> => {
    const position = { applied_seq: at?.head_seq ?? 0, applied_id: at?.head_id ?? null }
    const answer = await service.internalApp.inject({
      method: 'POST',
      url: `/internal/v1/leases/${holder}`,
      headers: { 'patgate-internal-key': INTERNAL_KEY },
      payload: { name, kind: 'gateway', grace_ms: 0, ...position }
    })
    return answer.json()
  }
  await renew(quick, 'gateway one', await renew(quick, 'gateway one'))
  await renew(slow, 'gateway two')

  const { status, body } = await admin.call('GET /v1/gateways')
  t.equal(status, 200)
  t.equal(body.next_cursor, null)
  t.same(
    body.items.map(({ id }: { id: string }) => id),
    [quick, slow].toSorted(),
    'gateways only, not the token services, which hold leases too'
  )
  const one = (of: typeof body, id: string) => of.items.find((item: { id: string }) => item.id === id)
  const unseen = { confirmed: 0, expired: 0, took_ms: null }
  t.match(one(body, quick), { name: 'gateway one', lease: 'live', applied_seq: body.head_seq, propagation: unseen })
  t.match(one(body, slow), { name: 'gateway two', applied_seq: 0, propagation: unseen })

  await t.test('a change that a gateway does not confirm counts as expired, and its lease as lapsed', async (t) => {
    await service.deps.database.updateTable('leases').set({ grace_ms: 30_000 }).where('holder', '=', slow).execute()
    const { id } = await admin.createToken()
    const revoked = await admin.call(`POST /v1/tokens/${id}/revoke`)
    t.ok(revoked.body.propagation.stale_until, 'the answer says until when one of them may be stale')
    const after = (await admin.call('GET /v1/gateways')).body
    t.match(one(after, slow), { lease: 'lapsed', propagation: { expired: 1 } })
    t.ok(one(after, slow).applied_seq < after.head_seq)
  })

  await t.test('page by page', async (t) => {
    const first = (await admin.call('GET /v1/gateways?limit=1')).body
    t.equal(first.items.length, 1)
  })

  await t.test('nobody else does', async (t) => {
    const person = await service.asNewPerson('pia')
    t.match(await person.call('GET /v1/gateways'), { status: 403, body: { code: 'forbidden' } })
  })
})
