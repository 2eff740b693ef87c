import { manualClock } from '@patgate/test-kit'
import { test } from 'tap'
import { type Browser, CONSOLE_ORIGIN, openBrowser } from '../support/console.ts'
import { eventsOf } from '../support/events.ts'
import { openService } from '../support/service.ts'
import { type Account, openProvider } from './provider.ts'

test('single sign-on, with a real OpenID provider', async (t) => {
  const provider = await openProvider(t)
  const clock = manualClock(Date.now())
  const service = await openService(t, clock, provider.environment)
  const admin = await service.asAdmin()
  const addPerson = async (name: string): Promise<string> => {
    const { body } = await admin.call('POST /v1/users', { email: `${name}@example.org`, name })
    return body.id
  }
  const start = async (browser: Browser, query = ''): Promise<string> => {
    const { status, headers } = await browser.call(`GET /v1/oidc/start${query}`)
    if (status !== 302) throw new Error(`not sent to the provider but answered ${status}`)
    return String(headers.location)
  }
  const finish = (browser: Browser, back: URL) =>
    browser.call(`GET ${back.pathname}${back.search}`, undefined, { origin: '', 'sec-fetch-site': 'cross-site' })
  const signIn = async (account: Account | 'refused', browser = openBrowser(service), query = '') => {
    const back = await provider.signIn(await start(browser, query), account)
    return { browser, back, answer: await finish(browser, back) }
  }
  const uma = { subject: 'uma-at-the-provider', email: 'UMA@example.org', email_verified: true }
  const umaId = await addPerson('uma')

  await t.test('is asked for with code, PKCE, state and nonce, and the browser keeps what it needs', async (t) => {
    const browser = openBrowser(service)
    const { searchParams } = new URL(await start(browser))
    t.equal(searchParams.get('response_type'), 'code')
    t.equal(searchParams.get('code_challenge_method'), 'S256')
    for (const name of ['code_challenge', 'state', 'nonce']) t.ok((searchParams.get(name) ?? '').length >= 43, name)
    t.same([...browser.cookies.keys()], ['patgate_sign_in'])
    t.notMatch(browser.cookies.get('patgate_sign_in'), searchParams.get('state') ?? '', 'sealed, not only signed')
  })

  await t.test('signs a person in whose email is verified, for the console', async (t) => {
    const { browser, answer } = await signIn(uma)
    t.equal(answer.status, 303)
    t.equal(answer.headers.location, `${CONSOLE_ORIGIN}/console/`)
    t.equal(answer.headers['cache-control'], 'no-store')
    t.equal(answer.text, '', 'no token in the page')
    t.same([...browser.cookies.keys()], ['__Host-patgate_session'])
    t.match((await browser.call('GET /v1/sessions/current')).body, { user: { id: umaId, email: 'uma@example.org' } })
    t.match((await browser.call('GET /v1/sessions')).body.items[0], { kind: 'oidc', current: true })
    const derived = await browser.call('POST /v1/sessions/derived')
    t.equal(derived.status, 201, 'programs get a session out of it')
    clock.advance(15 * 60_000 + 1)
    t.equal((await browser.call('POST /v1/sessions/derived')).status, 403, 'who has no password signs in anew')
  })

  await t.test('returns to where one was, in the console and nowhere else', async (t) => {
    const { answer } = await signIn(uma, openBrowser(service), '?return_to=/console/tokens%3Fstatus=all')
    t.equal(answer.headers.location, `${CONSOLE_ORIGIN}/console/tokens?status=all`)
    const elsewhere = ['https://evil.example.org/', '//evil.example.org', '/\\evil.example.org', 'console', '/a\nb', '']
    for (const target of elsewhere) {
      const { status } = await openBrowser(service).call(`GET /v1/oidc/start?return_to=${encodeURIComponent(target)}`)
      t.equal(status, 400, JSON.stringify(target))
    }
    t.equal((await openBrowser(service).call('GET /v1/oidc/start?colour=red')).status, 400)
  })

  await t.test('knows people by the name the provider has for them, whatever becomes of their email', async (t) => {
    const { answer } = await signIn({ subject: uma.subject, email: 'married@example.org', email_verified: false })
    t.equal(answer.status, 303)
    const links = (await eventsOf(service.deps)).filter(({ reason }) => reason === 'oidc_linked')
    t.match(links, [{ type: 'user.updated', target: { id: umaId }, details: { issuer: provider.issuer } }])
    t.equal(links.length, 1)
  })

  const refused: Record<string, { account: Account; reason: string }> = {
    'an email that is not verified': {
      account: { subject: 'eve', email: 'pia@example.org', email_verified: false },
      reason: 'email_not_verified'
    },
    'an email about which the provider says nothing': {
      account: { subject: 'eva', email: 'pia@example.org' },
      reason: 'email_not_verified'
    },
    'no email': { account: { subject: 'mute' }, reason: 'email_not_verified' },
    'an email that nobody has here': {
      account: { subject: 'new', email: 'new@example.org', email_verified: true },
      reason: 'unknown_email'
    },
    'the email of somebody who is known by another identity': {
      account: { subject: 'heir', email: 'uma@example.org', email_verified: true },
      reason: 'other_identity'
    },
    'somebody who is disabled': {
      account: { subject: 'dan', email: 'dan@example.org', email_verified: true },
      reason: 'user_disabled'
    }
  }
  await addPerson('pia')
  await admin.call(`PATCH /v1/users/${await addPerson('dan')}`, { disabled: true })
  const bodies = new Set<string>()
  for (const [name, { account, reason }] of Object.entries(refused)) {
    await t.test(`lets nobody in with ${name}`, async (t) => {
      const { browser, answer } = await signIn(account)
      t.same([answer.status, answer.body.code], [403, 'forbidden'])
      t.notOk(browser.cookies.has('__Host-patgate_session'))
      t.match((await eventsOf(service.deps)).at(-1), { type: 'session.failed', outcome: 'failure', reason })
      bodies.add(JSON.stringify({ ...answer.body, request_id: null }))
      t.equal(bodies.size, 1, 'one answer for all of them')
    })
  }

  await t.test('lets nobody in whom the provider refused', async (t) => {
    const { answer } = await signIn('refused')
    t.same([answer.status, answer.body.code], [403, 'forbidden'])
  })

  await t.test('a person whom nothing let in is shown the sign-in page, and a program the problem', async (t) => {
    const arrive = async (account: Account | 'refused', query = '', tamper?: (back: URL) => void) => {
      const browser = openBrowser(service)
      const back = await provider.signIn(await start(browser, query), account)
      tamper?.(back)
      return browser.call(`GET ${back.pathname}${back.search}`, undefined, {
        origin: '',
        accept: 'text/html,*/*;q=0.8'
      })
    }
    const shown = async (...how: Parameters<typeof arrive>) => {
      const { status, headers, text } = await arrive(...how)
      t.same([status, headers['cache-control'], text], [303, 'no-store', ''])
      return headers.location
    }
    const page = `${CONSOLE_ORIGIN}/console/sign-in?single_sign_on=`
    t.equal(await shown('refused'), `${page}refused&return_to=%2Fconsole%2F`)
    t.equal(await shown('refused', '?return_to=/console/groups'), `${page}refused&return_to=%2Fconsole%2Fgroups`)
    t.equal(await shown({ ...uma, subject: 'eve', email_verified: false }), `${page}refused&return_to=%2Fconsole%2F`)
    const forgetCode = ({ searchParams }: URL) => searchParams.delete('code')
    t.equal(await shown(uma, '', forgetCode), `${page}interrupted&return_to=%2Fconsole%2F`)
    const lost = openBrowser(service).call('GET /v1/oidc/callback?error=%3Cb%3E&state=x', undefined, {
      accept: 'text/html'
    })
    t.equal((await lost).headers.location, `${page}interrupted`, 'nothing of what was brought is shown')
  })

  await t.test('an answer counts once, in the browser that asked, and in time', async (t) => {
    const { browser, back } = await signIn(uma)
    t.equal((await finish(browser, back)).status, 400, 'the browser has nothing left to bring')

    const [victim, attacker] = [openBrowser(service), openBrowser(service)]
    const stolen = await provider.signIn(await start(attacker), uma)
    t.equal((await finish(openBrowser(service), stolen)).status, 400, 'without the cookie')
    await start(victim)
    t.equal((await finish(victim, stolen)).status, 400, "with another sign-in's cookie")

    const kept = new Map(attacker.cookies)
    t.equal((await finish(attacker, stolen)).status, 303)
    for (const [name, value] of kept) attacker.cookies.set(name, value)
    t.equal((await finish(attacker, stolen)).status, 400, 'a code that was used')

    const late = openBrowser(service)
    const lateBack = await provider.signIn(await start(late), uma)
    clock.advance(10 * 60_000)
    t.equal((await finish(late, lateBack)).status, 400, 'after ten minutes')

    const forger = openBrowser(service)
    const forged = await provider.signIn(await start(forger), uma)
    forger.cookies.set('patgate_sign_in', `${forger.cookies.get('patgate_sign_in')?.slice(0, -2)}AA`)
    t.equal((await finish(forger, forged)).status, 400, 'with a cookie that was changed')
  })

  await t.test('is there in the console only: elsewhere a page of an upstream could read along', async (t) => {
    for (const call of ['GET /v1/oidc/start', 'GET /v1/oidc/callback?code=x&state=y']) {
      const answer = await service.anybody.call(call)
      t.same([answer.status, answer.body.code], [403, 'forbidden'], call)
    }
  })

  await t.test('no code, state or token of it reaches the log', async (t) => {
    const { back } = await signIn(uma)
    t.notMatch(service.logs.text(), back.searchParams.get('code') ?? 'a code')
    t.notMatch(service.logs.text(), back.searchParams.get('state') ?? 'a state')
    t.notMatch(JSON.stringify(await eventsOf(service.deps)), back.searchParams.get('code') ?? 'a code')
  })
})

test('without a provider, or while it is down', async (t) => {
  const nobody = await openService(t)
  t.equal((await openBrowser(nobody).call('GET /v1/oidc/start')).status, 404)
  t.equal((await openBrowser(nobody).call('GET /v1/oidc/callback')).status, 404)

  const down = await openService(t, undefined, {
    OIDC_ISSUER: 'http://127.0.0.1:1',
    OIDC_CLIENT_ID: 'patgate',
    OIDC_CLIENT_SECRET: 'x',
    OIDC_REDIRECT_URL: `${CONSOLE_ORIGIN}/v1/oidc/callback`
  })
  const answer = await openBrowser(down).call('GET /v1/oidc/start')
  t.same([answer.status, answer.body.code], [502, 'upstream_failed'])
  const navigation = await openBrowser(down).call('GET /v1/oidc/start', undefined, { accept: 'text/html' })
  const page = `${CONSOLE_ORIGIN}/console/sign-in?single_sign_on=unavailable&return_to=%2Fconsole%2F`
  t.same([navigation.status, navigation.headers.location], [303, page])
})
