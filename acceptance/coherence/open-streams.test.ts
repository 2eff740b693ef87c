import { type Test, test } from 'tap'
import type { Answer, SessionApi } from '../support/api.ts'
import { createApi } from '../support/api.ts'
import type { Patgate } from '../support/patgate.ts'
import { until } from '../support/until.ts'
import { type OpenSocket, openSocket } from '../support/web-socket.ts'
import { sharedCluster } from './shared-cluster.ts'

const OPEN = { group: 'demo', entity_type: 'echo', entity_id: '*', operations: ['subscribe' as const] }
const PASSWORD = 'a long enough password'
const SOCKETS_PER_GATEWAY = 4

/** What the promise says of streams (issue of the channels, coherence.md, promise 5): healthy, and whatever has failed. */
const HEALTHY_MS = 250
const ALWAYS_MS = 2_500

/** Two busy cores run everything at once here: what is measured for users is measured by the benchmarks. */
const MARGIN_MS = 1_500

interface Owner {
  readonly api: SessionApi
  readonly tokenId: string
  readonly secret: string
}

test('open WebSockets end with the right to them, on every gateway', async (t) => {
  const { patgate } = await sharedCluster()
  const admin = await patgate.asAdmin()
  const owner = hire(patgate, admin)

  const changes: Record<string, [reason: string, change: (owner: Owner) => Promise<Answer<object>>]> = {
    'the token is revoked': [
      'revoked',
      ({ api, tokenId }) => api.call(`/v1/tokens/${tokenId}/revoke`, { method: 'POST' })
    ],
    'the token is narrowed': [
      'narrowed',
      ({ api, tokenId }) =>
        api.call(`/v1/tokens/${tokenId}`, { method: 'PATCH', body: { allowed_addresses: ['192.0.2.0/24'] } })
    ],
    'the owner leaves the group': [
      'narrowed',
      ({ api }) => admin.call(`/v1/groups/demo/members/${api.userId}`, { method: 'DELETE' })
    ],
    'the owner is disabled': [
      'revoked',
      ({ api }) => admin.call(`/v1/users/${api.userId}`, { method: 'PATCH', body: { disabled: true } })
    ]
  }
  for (const [name, [reason, change]] of Object.entries(changes)) {
    await t.test(name, async (t) => {
      const subject = await owner()
      await assertEnds(t, await openEverywhere(patgate, subject.secret), () => change(subject), reason, HEALTHY_MS)
    })
  }

  await t.test('the session ends that opened them', async (t) => {
    const { api } = await owner()
    const sockets = await openEverywhere(patgate, api.session)
    await assertEnds(t, sockets, () => api.call('/v1/sessions/current', { method: 'DELETE' }), 'revoked', HEALTHY_MS)
  })

  await t.test('NATS is stopped: renewals alone tell of the revocation', async (t) => {
    const { api, tokenId, secret } = await owner()
    const sockets = await openEverywhere(patgate, secret)
    const { nats } = (await patgate.readRunFile()).pids
    process.kill(nats, 'SIGSTOP')
    t.teardown(() => process.kill(nats, 'SIGCONT'))
    const revoke = () => api.call(`/v1/tokens/${tokenId}/revoke`, { method: 'POST' })
    await assertEnds(t, sockets, revoke, 'revoked', ALWAYS_MS)
  })

  await t.test('a gateway was stopped meanwhile: it passes nothing on when it wakes up', async (t) => {
    const { api, tokenId, secret } = await owner()
    const sockets = await openEverywhere(patgate, secret)
    const [stopped] = sockets
    const pid = (await patgate.readRunFile()).pids.gateways[0]
    if (stopped === undefined || pid === undefined) throw new Error('no gateway')
    process.kill(pid, 'SIGSTOP')
    const through = createApi(patgate.run.gateway_urls[1] ?? '', api.session)
    const { status } = await through.call(`/v1/tokens/${tokenId}/revoke`, { method: 'POST' })
    t.equal(status, 200)
    stopped.socket.send('after the answer')
    process.kill(pid, 'SIGCONT')
    t.match(await stopped.closed, { code: 1008, reason: 'revoked' })
    t.same(stopped.messages, [], 'nothing was sent on, or came back')
  })
})

/** Somebody new with a token that may open the demo API's WebSocket. */
function hire({ run }: Patgate, admin: SessionApi): () => Promise<Owner> {
  let hired = 0
  return async () => {
    const { id, email } = await admin.createUser(`listener-${hired++}`, PASSWORD)
    await admin.call(`/v1/groups/demo/members/${id}`, { method: 'PUT', body: { role: 'maintainer' } })
    const api = await createApi(run.gateway_urls[hired % run.gateway_urls.length] ?? '').signIn(email, PASSWORD)
    const token = await api.createToken({ scopes: [OPEN] })
    return { api, tokenId: token.id, secret: token.secret }
  }
}

async function openEverywhere({ run }: Patgate, credential: string): Promise<OpenSocket[]> {
  const sockets = await Promise.all(
    run.gateway_urls.flatMap((url) =>
      Array.from({ length: SOCKETS_PER_GATEWAY }, () => openSocket(`${url}/api/ws`, credential))
    )
  )
  for (const { socket } of sockets) socket.send('hello')
  await until('each has been answered', 5_000, async () => sockets.every(({ messages }) => messages.length === 1))
  for (const { messages } of sockets) messages.length = 0
  return sockets
}

async function assertEnds(
  t: Test,
  sockets: readonly OpenSocket[],
  change: () => Promise<Answer<object>>,
  reason: string,
  withinMs: number
): Promise<void> {
  const { status } = await change()
  const answeredAtMs = performance.now()
  t.ok(status >= 200 && status <= 204 && status !== 202, `the change is answered ${status}`)
  const ends = await Promise.all(sockets.map(({ closed }) => closed))
  for (const { code, reason: told } of ends) t.same([code, told], [1008, reason])
  const lastMs = Math.round(Math.max(...ends.map(({ atMs }) => atMs)) - answeredAtMs)
  t.comment(`the last of ${ends.length} closed ${lastMs} ms after the answer`)
  t.ok(lastMs <= withinMs + MARGIN_MS, `${lastMs} ms after the answer`)
}
