import { test } from 'tap'
import { openBrowser } from '../support/console.ts'
import { CREW, openCrew } from '../support/crew.ts'
import { eventsOf } from '../support/events.ts'
import { ADMIN, openService } from '../support/service.ts'

test('no secret in any answer but the one that gives it, nor in an event, nor in the log', async (t) => {
  const service = await openService(t)
  const { admin, owner } = await openCrew(service)
  const browser = openBrowser(service)
  await browser.call('POST /v1/sessions', { ...ADMIN, cookie: true })
  const derived = (await browser.call('POST /v1/sessions/derived')).body.token
  const client = { name: 'reports', audiences: ['a'], groups: [CREW] }
  const created = (await admin.call('POST /v1/service-clients', client)).body
  const rotated = (await admin.call(`POST /v1/service-clients/${created.id}/rotate`)).body
  const reset = (await admin.call(`POST /v1/users/${owner.userId}/password-reset`)).body.password
  const secrets = [
    ADMIN.password,
    'the password of owner',
    reset,
    admin.session,
    derived,
    browser.cookies.get('__Host-patgate_session') ?? '',
    created.secret,
    rotated.secret
  ]
  // A slip that people make: a secret as a name.
  await admin.call('POST /v1/groups', { slug: 'slip', name: created.secret })

  const reads = ['/v1/users', '/v1/sessions', '/v1/service-clients', '/v1/policy', `/v1/groups/${CREW}/bots`]
  const answers = await Promise.all(reads.map(async (path) => (await admin.call(`GET ${path}`)).text))
  const places = {
    answers: answers.join('\n'),
    events: JSON.stringify(await eventsOf(service.deps)),
    log: service.logs.text()
  }
  for (const [place, text] of Object.entries(places)) {
    for (const secret of secrets) t.notOk(text.includes(secret), `${place}: ${secret.slice(0, 6)}…`)
    t.notMatch(text, /\$argon2id\$|secret_digest|password_hash/, place)
  }
})
