import { get } from 'node:http'
import type { AuditEvent } from '@patgate/contracts'
import { until } from '@patgate/test-kit'
import { test } from 'tap'
import { fileSizeLimit } from '../spool/fixtures/file-size-limit.ts'
import { startGateway } from '../support/gateway.ts'
import { readEvents } from '../support/read-events.ts'
import { scope } from '../support/token-service.ts'
import { connectWebSocket, refusalOf } from '../support/web-socket-client.ts'

const ORIGIN = 'https://app.example.org'
const EVENTS = { accept: 'text/event-stream' }
/** Less than what any spool holds after its first event. */
const NO_ROOM = 10

test('channels as patgate.yaml sets them', async (t) => {
  const gateway = await startGateway(t, { channels: `audit: strict, allowed_origins: ["${ORIGIN}"]` })
  const { url, tokenService, natsUrl } = gateway
  const token = tokenService.issue({ scopes: [scope('channel', ['publish', 'subscribe'])] })
  const authorization = `Bearer ${token}`
  const publish = (path: string, body: string, headers: Record<string, string> = {}) =>
    fetch(`${url}/m/demo/c/${path}`, { method: 'POST', body, headers: { authorization, ...headers } })

  const quiet = await listenRaw(`${url}/m/demo/c/quiet`, authorization)
  t.teardown(() => quiet.close())
  const { socket } = await connectWebSocket(t, `${url}/m/demo/c/quiet`, { headers: { authorization } })
  let pings = 0
  socket.on('ping', () => pings++)

  await t.test('strict: what cannot be recorded is not done', async (t) => {
    const limit = fileSizeLimit(t)
    const headers = { authorization }
    const attempts: Record<string, () => Promise<{ status: number | undefined }>> = {
      'a message': () => publish('strict', 'unrecorded'),
      events: () => fetch(`${url}/m/demo/c/strict`, { headers: { ...headers, ...EVENTS } }),
      'a WebSocket': () => refusalOf(t, `${url}/m/demo/c/strict`, { headers })
    }
    t.equal((await publish('strict', 'before')).status, 202)
    for (const [name, attempt] of Object.entries(attempts)) {
      limit(NO_ROOM)
      t.equal((await attempt()).status, 503, `${name}: it finds out that there is no room`)
      t.equal((await attempt()).status, 503, `${name}: known by now`)
      limit(null)
      await until(async () => (await publish('strict', 'after')).status === 202, { message: 'there is room again' })
    }
    const heard = await listenRaw(`${url}/m/demo/c/strict?from=all`, authorization)
    t.teardown(() => heard.close())
    await until(() => heard.text().includes('"payload":"after"'))
    t.match(heard.text(), '"payload":"before"')
    t.notMatch(heard.text(), 'unrecorded')
  })

  await t.test('strict: a message is recorded before it is stored, when it has no number yet', async (t) => {
    t.equal((await publish('recorded', 'x')).status, 202)
    const of = (events: readonly AuditEvent[]) =>
      events.filter(({ type, target }) => type === 'channel.published' && target?.id === 'recorded')
    const events = of(await readEvents(natsUrl, (all) => of(all).length > 0))
    t.match(events, [{ outcome: 'success', details: { bytes: 1, messages: 1, protocol: 'http' } }])
    t.equal(events.length, 1)
    t.notOk('seq' in (events[0]?.details ?? {}))
  })

  await t.test('pages of the allowed origins may read answers, refusals among them; others may not', async (t) => {
    const allowed = await publish('news', 'x', { origin: ORIGIN })
    t.match([allowed.status, allowed.headers.get('access-control-allow-origin')], [202, ORIGIN])
    t.match(allowed.headers.get('vary'), /\bOrigin\b/)
    const refused = await publish('news', 'x', { origin: ORIGIN, authorization: 'Bearer garbage' })
    t.match([refused.status, refused.headers.get('access-control-allow-origin')], [401, ORIGIN])
    const events = await fetch(`${url}/m/demo/c/news`, { headers: { authorization, origin: ORIGIN, ...EVENTS } })
    t.equal(events.headers.get('access-control-allow-origin'), ORIGIN)
    await events.body?.cancel()
    for (const origin of ['https://elsewhere.example.org', 'null', `${ORIGIN}.example.net`, ORIGIN.toUpperCase()]) {
      const { headers } = await publish('news', 'x', { origin })
      t.equal(headers.get('access-control-allow-origin'), null, origin)
      t.match(headers.get('vary'), /\bOrigin\b/, 'what a cache keeps is not for everybody')
    }
  })

  await t.test('a preflight of an allowed origin is told what it may send, without a credential', async (t) => {
    const preflight = (origin: string) =>
      fetch(`${url}/m/demo/c/news`, {
        method: 'OPTIONS',
        headers: {
          origin,
          'access-control-request-method': 'POST',
          'access-control-request-headers': 'authorization,content-type'
        }
      })
    const { status, headers } = await preflight(ORIGIN)
    t.equal(status, 204)
    t.match(Object.fromEntries(headers), {
      'access-control-allow-origin': ORIGIN,
      'access-control-allow-methods': 'GET, POST',
      'access-control-allow-headers': 'authorization,content-type',
      vary: /\bOrigin\b/
    })
    t.equal(headers.get('access-control-allow-credentials'), null, 'cookies count for nothing here')
    const foreign = await preflight('https://elsewhere.example.org')
    t.equal(foreign.headers.get('access-control-allow-origin'), null)
    t.equal(foreign.headers.get('access-control-allow-methods'), null)
  })

  await t.test('a stream on which nothing happens is kept open: comments for SSE, pings for WebSockets', async (t) => {
    await until(() => quiet.text() === ':\n\n:\n\n', { timeoutMs: 30_000, message: 'a comment after 15 s' })
    await until(() => pings === 1, { timeoutMs: 45_000, message: 'a ping after 30 s' })
    t.equal(socket.readyState, socket.OPEN)
  })
})

/** Events as their bytes come. */
function listenRaw(url: string, authorization: string): Promise<{ text(): string; close(): void }> {
  return new Promise((resolve, reject) => {
    const request = get(url, { headers: { authorization, ...EVENTS }, agent: false }, (response) => {
      if (response.statusCode !== 200) return reject(new Error(`events were answered ${response.statusCode}`))
      let heard = ''
      response.setEncoding('utf8').on('data', (text: string) => {
        heard += text
      })
      response.on('error', () => undefined)
      resolve({ text: () => heard, close: () => request.destroy() })
    })
    request.on('error', reject)
  })
}
