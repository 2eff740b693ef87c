import { createApp } from '@patgate/service-kit'
import { test } from 'tap'
import { policyEnforcement } from '../../src/authentication/enforcement.ts'
import { registerSessionJwt } from '../../src/authentication/session-jwt.ts'
import { openService } from '../support/service.ts'

const POLICIES = ['public', 'session', 'admin', 'token_or_session'] as const

test('each policy lets in whom it names, and hands on who it is', async (t) => {
  const service = await openService(t)
  const { deps } = service
  const app = await createApp({ logger: deps.logger, enforcement: policyEnforcement(deps) })
  app.decorateRequest('principal', null)
  await registerSessionJwt(app, deps.sessionKey)
  for (const policy of POLICIES) {
    app.get(`/${policy}`, { config: { policy } }, async ({ principal }) => ({ kind: principal?.kind ?? 'nobody' }))
  }
  t.teardown(() => app.close())

  const admin = await service.asAdmin()
  const person = await service.asNewPerson('pia')
  const { secret } = await person.createToken()
  const credentials: Record<string, string | null> = {
    nobody: null,
    garbage: 'garbage',
    token: secret,
    person: person.session,
    admin: admin.session
  }
  const outcome = async (policy: string, credential: string | null): Promise<string> => {
    const headers = credential === null ? {} : { authorization: `Bearer ${credential}` }
    const answer = await app.inject({ url: `/${policy}`, headers })
    const { kind, code } = answer.json() as { kind?: string; code?: string }
    return kind ?? `${answer.statusCode} ${code}`
  }

  const expected: Record<(typeof POLICIES)[number], Record<string, string>> = {
    public: { nobody: 'nobody', garbage: 'nobody', token: 'nobody', person: 'nobody', admin: 'nobody' },
    session: {
      nobody: '401 invalid_token',
      garbage: '401 invalid_token',
      token: '403 session_required',
      person: 'session',
      admin: 'session'
    },
    admin: {
      nobody: '401 invalid_token',
      garbage: '401 invalid_token',
      token: '403 session_required',
      person: '403 forbidden',
      admin: 'session'
    },
    token_or_session: {
      nobody: '401 invalid_token',
      garbage: '401 invalid_token',
      token: 'token',
      person: 'session',
      admin: 'session'
    }
  }
  for (const policy of POLICIES) {
    for (const [who, credential] of Object.entries(credentials)) {
      t.equal(await outcome(policy, credential), expected[policy][who], `${policy}: ${who}`)
    }
  }
})
