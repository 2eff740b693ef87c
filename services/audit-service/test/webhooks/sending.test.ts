import { createServer } from 'node:http'
import type { AuditEvent, DeadLetterPage, WebhookBody, WebhookWithSecret } from '@patgate/contracts'
import { recordingUpstream, until } from '@patgate/test-kit'
import { Redis } from 'ioredis'
import { Webhook } from 'standardwebhooks'
import t, { type Test } from 'tap'
import { anEvent } from '../fixtures/event.ts'
import { ids } from '../fixtures/people.ts'
import { type RunningService, runService } from '../fixtures/running-service.ts'

t.setTimeout(300_000)

interface Message {
  readonly type: string
  readonly data: AuditEvent
}

/** A receiver that answers as a test wants, and keeps what it took. */
async function receiver(t: Test, answer: (event: AuditEvent, attempt: number) => number = () => 204) {
  const attempts = new Map<string, number>()
  const taken: AuditEvent[] = []
  const upstream = await recordingUpstream(t, async (_request, response) => {
    const { data } = JSON.parse((await upstream.requests.at(-1)?.body) ?? '') as Message
    const attempt = (attempts.get(data.id) ?? 0) + 1
    attempts.set(data.id, attempt)
    const status = answer(data, attempt)
    if (status < 300) taken.push(data)
    response.writeHead(status).end('what a receiver says is nobody’s business')
  })
  return { ...upstream, taken, attempts, seqs: () => taken.map(({ seq }) => seq).toSorted((a, b) => a - b) }
}

function webhooksOf(service: RunningService) {
  const admin = service.tokenService.signIn({ id: ids.admin, admin: true })
  return {
    admin,
    create: async (body: object) =>
      (await service.call<WebhookWithSecret>('POST /v1/webhooks', admin, { name: 'a receiver', ...body })).body,
    read: async (id: string) => (await service.get<WebhookBody>(`/v1/webhooks/${id}`, admin)).body,
    letters: async (id: string) =>
      (await service.get<DeadLetterPage>(`/v1/webhooks/${id}/dead-letters`, admin)).body.items
  }
}

/** What is being sent while Redis loses it is missed by one look and found by the next, under load a minute later. */
const TWO_RESUMPTIONS_MS = 150_000

t.test('events on their way to webhooks', async (t) => {
  const service = await runService(t)
  const { admin, create, read, letters } = webhooksOf(service)
  let seq = 0
  const store = async (count: number, overrides: Partial<AuditEvent> = {}) => {
    const events = Array.from({ length: count }, () => anEvent(++seq, overrides))
    await service.store(events)
    return events
  }

  await t.test('each comes signed as Standard Webhooks wants it, filtered, within a second or two', async (t) => {
    const at = await receiver(t)
    const { id, secret } = await create({
      url: `${at.url}/in`,
      filter: { types: ['token.*', 'bot.created'], group: 'red' }
    })
    const [event] = await store(1, { type: 'token.revoked', group: 'red' })
    await store(1, { type: 'token.revoked', group: 'blue' })
    await store(1, { type: 'group.created', group: 'red' })
    await store(1, { type: 'bot.created', group: 'red' })
    await until(() => at.taken.length === 2)
    const [request] = at.requests
    t.match(request, {
      method: 'POST',
      url: '/in',
      headers: { 'content-type': 'application/json', 'webhook-id': event?.id }
    })
    const headers = request?.headers as Record<string, string>
    const message = new Webhook(secret ?? '').verify((await request?.body) ?? '', headers) as Message
    t.same(message, { type: 'token.revoked', timestamp: event?.time, data: event })
    t.throws(() => new Webhook('whsec_AAAA').verify(JSON.stringify(message), headers))
    await until(async () => (await read(id)).behind === 0)
    t.match(await read(id), { retrying: 0, dead_letters: 0, last_failure: null, last_delivered_at: String })
  })

  await t.test('after a rotation the new secret signs, and the old one beside it', async (t) => {
    const at = await receiver(t)
    const { id, secret } = await create({ url: at.url, filter: { types: ['user.created'] } })
    const rotated = await service.call<WebhookWithSecret>(`POST /v1/webhooks/${id}/rotate`, admin)
    await store(1, { type: 'user.created' })
    await until(() => at.taken.length === 1)
    const headers = at.requests[0]?.headers as Record<string, string>
    const body = (await at.requests[0]?.body) ?? ''
    for (const valid of [secret, rotated.body.secret]) t.ok(new Webhook(valid ?? '').verify(body, headers))
  })

  await t.test(
    'one that fails is sent again and holds up no other; when it never arrives it is a dead letter',
    async (t) => {
      const at = await receiver(t, ({ outcome }, attempt) => {
        if (outcome === 'failure') return 500
        return outcome === 'denied' && attempt < 3 ? 503 : 200
      })
      const { id } = await create({ url: at.url, filter: { types: ['session.failed'] } })
      const [never] = await store(1, { type: 'session.failed', outcome: 'failure' })
      const [late] = await store(1, { type: 'session.failed', outcome: 'denied' })
      const rest = await store(20, { type: 'session.failed' })
      await until(async () => (await letters(id)).length === 1, { timeoutMs: 60_000 })
      await until(() => at.taken.length === 21)
      await until(async () => (await read(id)).retrying === 0)
      t.same(new Set(at.seqs()), new Set([late, ...rest].map((event) => event?.seq)))
      t.equal(at.attempts.get(late?.id ?? ''), 3)
      t.equal(at.attempts.get(never?.id ?? ''), 3, 'one attempt, and one after each of the two pauses')
      t.match(await letters(id), [
        {
          event_id: never?.id,
          event_type: 'session.failed',
          event_time: never?.time,
          attempts: 3,
          failure: 'answered 500'
        }
      ])
      t.match(await read(id), { dead_letters: 1, retrying: 0, last_failure: 'answered 500' })
      const metrics = await (await fetch(`${service.operationsUrl}/metrics`)).text()
      t.match(metrics, 'patgate_audit_webhook_deliveries_total{outcome="dead"} 1')
    }
  )

  await t.test('a dead letter is sent again on demand, or discarded', async (t) => {
    let isWell = false
    const at = await receiver(t, () => (isWell ? 200 : 500))
    const { id } = await create({ url: at.url, filter: { types: ['user.deleted'] } })
    const [first, second] = await store(2, { type: 'user.deleted' })
    await until(async () => (await letters(id)).length === 2, { timeoutMs: 60_000 })
    isWell = true
    const path = `/v1/webhooks/${id}/dead-letters`
    t.equal((await service.call(`POST ${path}/${first?.id}/retry`, admin)).status, 202)
    await until(() => at.taken.length === 1)
    t.equal((await service.call(`DELETE ${path}/${second?.id}`, admin)).status, 204)
    await until(async () => (await letters(id)).length === 0)
    t.equal((await service.call(`POST ${path}/${second?.id}/retry`, admin)).status, 404)
    t.equal((await service.call(`DELETE ${path}/${second?.id}`, admin)).status, 404)
    t.same(at.seqs(), [first?.seq])
  })

  const losses = [
    { lost: 'everything', isForgotten: () => true },
    { lost: 'all but the jobs themselves', isForgotten: (key: string) => !/:(retry|forward)\./.test(key) }
  ]
  for (const { lost, isForgotten } of losses) {
    await t.test(`a receiver that is away gets everything when it is back, though Redis lost ${lost}`, async (t) => {
      const at = await receiver(t)
      const away = { ...at, url: at.url.replace(/:[0-9]+$/, `:${await closedPort()}`) }
      const { id } = await create({ url: away.url, filter: { types: ['group.updated'] } })
      const events = await store(8, { type: 'group.updated' })
      await until(async () => (await read(id)).last_failure !== null)
      t.equal((await read(id)).last_failure, 'nobody listens there')
      await forget(service, isForgotten)
      t.equal((await service.call(`PATCH /v1/webhooks/${id}`, admin, { url: at.url })).status, 200)
      const sendDeadLetters = async () => {
        for (const { event_id } of await letters(id))
          await service.call(`POST /v1/webhooks/${id}/dead-letters/${event_id}/retry`, admin)
      }
      await until(
        async () => {
          await sendDeadLetters()
          return new Set(at.seqs()).size === events.length
        },
        { timeoutMs: TWO_RESUMPTIONS_MS }
      ).catch(async (error: unknown) => {
        const state = { webhook: await read(id), letters: await letters(id), redis: await remembered(service) }
        throw new Error(`only ${at.seqs()} came: ${JSON.stringify(state)}`, { cause: error })
      })
      t.same(new Set(at.seqs()), new Set(events.map((event) => event.seq)))
      t.equal((await service.call(`DELETE /v1/webhooks/${id}`, admin)).status, 204)
    })
  }

  await t.test('410 switches it off, and switching it on goes on where it was', async (t) => {
    let isGone = true
    const at = await receiver(t, () => (isGone ? 410 : 200))
    const { id } = await create({ url: at.url, filter: { types: ['group.deleted'] } })
    const [first] = await store(1, { type: 'group.deleted' })
    await until(async () => !(await read(id)).enabled)
    t.match((await read(id)).disabled_reason, /410/)
    const [second] = await store(1, { type: 'group.deleted' })
    isGone = false
    const on = await service.call<WebhookBody>(`PATCH /v1/webhooks/${id}`, admin, { enabled: true })
    t.match(on.body, { enabled: true, disabled_reason: null })
    await until(() => at.taken.length === 2, { timeoutMs: 60_000 })
    t.same(at.seqs(), [first?.seq, second?.seq])
  })

  await t.test('it can begin with the oldest event, and another replica goes on after a stop', async (t) => {
    const at = await receiver(t)
    const stopReplica = await service.startReplica()
    const { id } = await create({ url: at.url, start: 'beginning', filter: { types: ['access.allowed'] } })
    const many = await store(600)
    await until(() => at.taken.length > 50, { timeoutMs: 60_000 })
    await stopReplica()
    await until(() => new Set(at.seqs()).size === many.length, { timeoutMs: 40_000 })
    await until(async () => (await read(id)).behind === 0)
  })

  await t.test('no secret of a webhook is in the log', async (t) => {
    t.notMatch(service.logs.text(), /whsec_|nobody’s business/)
  })
})

async function closedPort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await until(() => server.listening)
  const { port } = server.address() as { port: number }
  server.close()
  return port
}

/** As Redis does when it is restarted, or evicts: what it knows of deliveries is gone, or some of it. */
async function forget({ servers }: RunningService, isForgotten: (key: string) => boolean): Promise<void> {
  const redis = new Redis(servers.redisUrl)
  for (const key of await redis.keys(`${servers.redisPrefix}*webhooks*`)) if (isForgotten(key)) await redis.del(key)
  redis.disconnect()
}

/** What Redis has of the webhooks: every key, and what is in the lists and sorted sets. */
async function remembered({ servers }: RunningService): Promise<Record<string, unknown>> {
  const redis = new Redis(servers.redisUrl)
  const found: Record<string, unknown> = {}
  for (const key of await redis.keys(`${servers.redisPrefix}*webhooks*`)) {
    const type = await redis.type(key)
    found[key.slice(servers.redisPrefix.length)] =
      type === 'list' ? await redis.lrange(key, 0, -1) : type === 'zset' ? await redis.zrange(key, '0', '-1') : type
  }
  redis.disconnect()
  return found
}
