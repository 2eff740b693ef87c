import { manualClock } from '@patgate/test-kit'
import { test } from 'tap'
import { CONSOLE_ORIGIN, openBrowser } from '../support/console.ts'
import { ADMIN, INTERNAL_KEY, openService } from '../support/service.ts'

const NAME = '__Host-patgate_session'
const WITH_COOKIE = { ...ADMIN, cookie: true }

test("the console's cookie", async (t) => {
  const clock = manualClock(Date.UTC(2030, 0, 1))
  const service = await openService(t, clock)
  const browser = openBrowser(service)
  const signedIn = await browser.call('POST /v1/sessions', WITH_COOKIE)

  await t.test('comes instead of the token, where no script and no other site can use it', async (t) => {
    t.equal(signedIn.status, 201)
    t.same(Object.keys(signedIn.body).sort(), ['expires_at', 'user'])
    t.match(
      signedIn.headers['set-cookie'],
      /^__Host-patgate_session=[\w.-]+; Path=\/; Expires=Tue, 01 Jan 2030 10:00:00 GMT; HttpOnly; Secure; SameSite=Strict$/
    )
    t.equal((await browser.call('GET /v1/sessions/current')).status, 200)
  })

  await t.test('tells the console who is signed in, and nobody is no failure', async (t) => {
    const { body } = await browser.call('GET /v1/sign-in')
    t.match(body, { password: true, single_sign_on: false, session: { user: { email: ADMIN.email } } })
    const nobody = [{}, { authorization: 'Bearer wrong' }, { 'patgate-console-origin': '' }]
    for (const headers of nobody) {
      const answer = await openBrowser(service).call('GET /v1/sign-in', undefined, headers)
      t.match(answer, { status: 200, body: { session: null } })
    }
  })

  await t.test('without TLS it has the plain name, and is not marked as secure', async (t) => {
    const plain = openBrowser(service, 'http://127.0.0.1:8082')
    const answer = await plain.call('POST /v1/sessions', WITH_COOKIE)
    t.match(answer.headers['set-cookie'], /^patgate_session=/)
    t.notMatch(answer.headers['set-cookie'], /Secure/)
    t.equal((await plain.call('GET /v1/sessions/current')).status, 200)
  })

  await t.test('is no credential on any other listener', async (t) => {
    const cookie = `${NAME}=${browser.cookies.get(NAME)}; patgate_session=${browser.cookies.get(NAME)}`
    const elsewhere: Record<string, string>[] = [
      {},
      { 'patgate-internal-key': INTERNAL_KEY },
      { 'patgate-console-origin': CONSOLE_ORIGIN },
      { 'patgate-console-origin': CONSOLE_ORIGIN, 'patgate-internal-key': 'a wrong key that is long enough!' }
    ]
    for (const headers of elsewhere) {
      const answer = await service.anybody.call('GET /v1/sessions/current', undefined, { ...headers, cookie })
      t.equal(answer.status, 401, JSON.stringify(headers))
    }
    t.equal((await service.anybody.call('POST /v1/sessions', WITH_COOKIE)).status, 400, 'nor given there')
  })

  const foreign: Record<string, Record<string, string>> = {
    'no origin': { origin: '' },
    'another origin': { origin: 'https://evil.example.org' },
    'the same host by another scheme': { origin: 'http://console.example.org' },
    'the same host on another port': { origin: `${CONSOLE_ORIGIN}:8443` },
    'an origin that begins alike': { origin: `${CONSOLE_ORIGIN}.evil.example` },
    'an opaque origin': { origin: 'null' },
    'another site': { 'sec-fetch-site': 'cross-site' },
    'a sibling of the site': { 'sec-fetch-site': 'same-site' },
    'no page at all': { 'sec-fetch-site': 'none' }
  }
  for (const [name, headers] of Object.entries(foreign)) {
    await t.test(`a call that changes something is refused from ${name}`, async (t) => {
      for (const call of [
        'POST /v1/groups',
        'DELETE /v1/sessions/current',
        'PATCH /v1/policy',
        'PUT /v1/users/me/password'
      ]) {
        const answer = await browser.call(call, {}, headers)
        t.same([answer.status, answer.body.code], [403, 'forbidden'], call)
      }
      t.equal((await browser.call('POST /v1/sessions', WITH_COOKIE, headers)).status, 403, 'signing in too')
      t.equal((await browser.call('GET /v1/sessions/current', undefined, headers)).status, 200, 'reading is no harm')
    })
  }

  await t.test('a browser that sends no Sec-Fetch-Site is judged by its origin', async (t) => {
    const headers = { 'patgate-internal-key': INTERNAL_KEY, 'patgate-console-origin': CONSOLE_ORIGIN }
    const cookie = `${NAME}=${browser.cookies.get(NAME)}`
    const call = (origin: string) =>
      service.anybody.call('POST /v1/groups', { slug: 'old-browser', name: 'x' }, { ...headers, cookie, origin })
    t.equal((await call('https://evil.example.org')).status, 403)
    t.equal((await call(CONSOLE_ORIGIN)).status, 201)
  })

  await t.test('beside a different header it is ambiguous', async (t) => {
    const { session } = await service.asAdmin()
    const answer = await browser.call('GET /v1/sessions/current', undefined, { authorization: `Bearer ${session}` })
    t.same([answer.status, answer.body.code], [400, 'ambiguous_credentials'])
  })

  await t.test('copies a session for use elsewhere, with the password again after 15 minutes', async (t) => {
    const derived = await browser.call('POST /v1/sessions/derived')
    t.equal(derived.status, 201)
    t.equal(derived.headers['cache-control'], 'no-store')
    const bearer = { authorization: `Bearer ${derived.body.token}` }
    t.equal((await service.anybody.call('GET /v1/sessions/current', undefined, bearer)).status, 200)
    const again = await service.anybody.call('POST /v1/sessions/derived', {}, bearer)
    t.equal(again.status, 403, 'a copy makes no copies')

    clock.advance(15 * 60_000 + 1)
    t.equal((await browser.call('POST /v1/sessions/derived')).status, 403)
    t.equal((await browser.call('POST /v1/sessions/derived', { password: 'wrong' })).status, 401)
    t.equal((await browser.call('POST /v1/sessions/derived', { password: ADMIN.password })).status, 201)

    const { body } = await browser.call('GET /v1/sessions?limit=100')
    const kinds = body.items.map((item: { kind: string }) => item.kind)
    t.ok(kinds.includes('derived') && kinds.includes('password'))
  })

  await t.test('is forgotten by the browser when its session ends', async (t) => {
    const out = await browser.call('DELETE /v1/sessions/current')
    t.equal(out.status, 204)
    t.match(out.headers['set-cookie'], /^__Host-patgate_session=; Path=\/; Expires=Thu, 01 Jan 1970/)
    t.notOk(browser.cookies.has(NAME))
  })
})
