import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { type RecordingUpstream, recordingUpstream } from '@patgate/test-kit'
import { type Test, test } from 'tap'
import { sameLoopback } from '../../src/console/loopback-names.ts'
import { startGateway, type TestGateway } from '../support/gateway.ts'
import { INTERNAL_KEY } from '../support/token-service.ts'

const ORIGIN = 'https://console.example.org'
const SCRIPT = 'assets/start-B1gHash.js'

async function startConsole(
  t: Test
): Promise<TestGateway & Record<'tokens' | 'audit', RecordingUpstream> & { directory: string }> {
  const directory = t.testdir({
    'index.html': '<title>console</title>',
    'icon.svg': '<svg/>',
    assets: { 'start-B1gHash.js': 'plain' }
  })
  writeFileSync(join(directory, `${SCRIPT}.br`), 'brotli')
  writeFileSync(join(directory, `${SCRIPT}.gz`), gzipSync('zipped'))
  const [tokens, audit] = await Promise.all([recordingUpstream(t), recordingUpstream(t)])
  const services = { tokenServiceUrl: tokens.url, auditServiceUrl: audit.url }
  const gateway = await startGateway(t, { config: { ...services, console: { port: 0, origin: ORIGIN, directory } } })
  return { ...gateway, directory, tokens, audit }
}

test("the console's listener", async (t) => {
  const { consoleUrl, url, directory, upstream, tokenService, tokens, audit } = await startConsole(t)
  const get = (path: string, headers: Record<string, string> = {}) =>
    fetch(consoleUrl + path, { redirect: 'manual', headers })

  await t.test('answers every path of the console with its one page, which is asked for anew each time', async (t) => {
    for (const path of ['/console/', '/console/index.html', '/console/tokens/0198', '/console/assets/gone-0ld.js']) {
      const answer = await get(path)
      t.equal(answer.status, 200, path)
      t.match(answer.headers.get('content-type'), /^text\/html/, path)
      t.equal(answer.headers.get('cache-control'), 'no-cache', path)
      t.match(await answer.text(), 'console', path)
    }
    const tag = (await get('/console/')).headers.get('etag') ?? ''
    t.equal((await get('/console/', { 'if-none-match': tag, 'cache-control': 'max-age=0' })).status, 304)
    for (const path of ['/', '/console']) {
      const answer = await get(path)
      t.same([answer.status, answer.headers.get('location')], [307, '/console/'], path)
    }
  })

  await t.test('serves what is named by its content for ever, and compressed as the browser likes', async (t) => {
    const expected: [encodings: string, body: string, encoding: string | null][] = [
      ['br, gzip', 'brotli', 'br'],
      ['gzip', 'zipped', 'gzip'],
      ['identity', 'plain', null]
    ]
    for (const [encodings, body, encoding] of expected) {
      const answer = await get(`/console/${SCRIPT}`, { 'accept-encoding': encodings })
      t.equal(answer.headers.get('content-encoding'), encoding, encodings)
      t.equal(answer.headers.get('cache-control'), 'public, max-age=31536000, immutable', encodings)
      t.match(answer.headers.get('content-type'), /^(text|application)\/javascript/, encodings)
      t.match(answer.headers.get('vary') ?? '', /accept-encoding/i, encodings)
      if (encoding !== 'br') t.equal(await answer.text(), body)
    }
    t.equal((await get('/console/icon.svg')).headers.get('cache-control'), 'no-cache', 'a name that stays is not kept')
  })

  await t.test('lets nothing of anybody else into its pages, nor its pages into a frame', async (t) => {
    for (const path of ['/console/', `/console/${SCRIPT}`, '/v1/nothing', '/nowhere']) {
      const { headers } = await get(path)
      const policy = headers.get('content-security-policy') ?? ''
      for (const rule of ["default-src 'none'", "script-src 'self'", "style-src 'self'", "frame-ancestors 'none'"])
        t.match(policy, rule, path)
      t.notMatch(policy, /unsafe|\*/, path)
      t.equal(headers.get('x-content-type-options'), 'nosniff', path)
      t.equal(headers.get('referrer-policy'), 'no-referrer', path)
      t.equal(headers.get('strict-transport-security'), 'max-age=31536000', path)
    }
  })

  await t.test('never proxies, whoever asks', async (t) => {
    const token = tokenService.issue()
    for (const path of ['/public/x', '/api/groups/demo/dashboards', '/forward-auth/nginx']) {
      t.equal((await get(path, { authorization: `Bearer ${token}` })).status, 404, path)
    }
    t.equal(upstream.requests.length, 0)
  })

  await t.test('guards like the other one', async (t) => {
    t.equal((await get('/console/..%2fpackage.json')).status, 400)
    t.equal((await get('/console//index.html')).status, 400)
    t.equal((await fetch(`${consoleUrl}/console/`, { method: 'POST' })).status, 404)
  })

  await t.test('vouches for its origin to the services, and the other listener does not', async (t) => {
    const headers = { 'patgate-console-origin': 'https://forged.example', cookie: 'patgate_session=s' }
    for (const base of [consoleUrl, url]) {
      await fetch(`${base}/v1/sessions/current`, { headers })
      await fetch(`${base}/v1/audit/events`, { headers })
    }
    for (const { requests } of [tokens, audit]) {
      const [fromConsole, fromElsewhere] = requests.slice(-2)
      t.match(fromConsole?.headers, { 'patgate-console-origin': ORIGIN, 'patgate-internal-key': INTERNAL_KEY })
      t.equal(fromElsewhere?.headers['patgate-console-origin'], undefined)
    }
    t.equal((await fetch(`${url}/console/`)).status, 404, 'and it serves no console')
  })

  await t.test('serves channels, where its own cookie counts for its own pages', async (t) => {
    const address = `${consoleUrl}/m/demo/c/news`
    const cookie = `__Host-patgate_session=${tokenService.openSession()}`
    const publish = async (base: string, headers: Record<string, string>) =>
      (await fetch(base, { method: 'POST', body: 'hello', headers: { cookie, ...headers } })).status
    t.equal(await publish(address, { origin: ORIGIN }), 202)
    t.equal(await publish(address, { origin: 'https://evil.example.org' }), 403)
    t.equal(await publish(address, {}), 403, 'nor whoever sends no origin')
    t.equal(await publish(`${url}/m/demo/c/news`, { origin: ORIGIN }), 401, 'elsewhere the cookie is nothing')
    t.equal((await get('/hc/demo', { cookie })).status, 200)
  })

  await t.test('says what to do where the console is not built', async (t) => {
    rmSync(join(directory, 'index.html'))
    const answer = await get('/console/')
    t.equal(answer.status, 503)
    t.match(await answer.json(), { detail: /not built; npm start builds it/ })
    mkdirSync(join(directory, 'assets'), { recursive: true })
    writeFileSync(join(directory, 'index.html'), 'built')
    t.equal((await get('/console/')).status, 200, 'and needs no restart when it is')
  })
})

test('who opens the console by another name of this machine is led to the one where its cookie counts', async (t) => {
  t.ok(sameLoopback('localhost:8380', '127.0.0.1:8380'))
  t.ok(sameLoopback('[::1]:8380', 'LOCALHOST:8380'))
  const kept: [host: string, origin: string][] = [
    ['localhost:8380', 'localhost:8380'],
    ['localhost:8380', '127.0.0.1:8381'],
    ['localhost:8380', 'console.example.org'],
    ['evil.example:8380', '127.0.0.1:8380'],
    ['', '127.0.0.1:8380']
  ]
  for (const [host, origin] of kept) t.notOk(sameLoopback(host, origin), `${host} at ${origin}`)
})
