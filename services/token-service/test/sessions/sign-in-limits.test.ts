import { until } from '@patgate/test-kit'
import { test } from 'tap'
import { openLimitStore } from '../../src/limits/limit-store.ts'
import { createSignInLimits } from '../../src/sessions/sign-in-limits.ts'
import { ADMIN, INTERNAL_KEY, openService } from '../support/service.ts'

const from = (address: string) => ({ 'patgate-internal-key': INTERNAL_KEY, 'patgate-client-address': address })

test('failed sign-ins are limited', async (t) => {
  const service = await openService(t)
  await until(() => service.deps.limits.isConnected())
  const attempt = (email: string, password: string, address: string) =>
    service.anybody.call('POST /v1/sessions', { email, password }, from(address))

  for (const [who, email] of Object.entries({ somebody: ADMIN.email, nobody: 'nobody@example.org' })) {
    await t.test(`per email, whether it is that of ${who}, and from wherever`, async (t) => {
      const statuses: number[] = []
      for (let index = 0; index < 11; index++) {
        const { status } = await attempt(index % 2 === 0 ? email : email.toUpperCase(), 'wrong', `192.0.2.${index}`)
        statuses.push(status)
      }
      t.same(statuses, [...Array(10).fill(401), 429])
      const refused = await attempt(email, ADMIN.password, '192.0.2.99')
      t.equal(refused.status, 429, 'the right password does not help then')
      t.equal(refused.body.code, 'rate_limited')
      const seconds = Number(refused.headers['retry-after'])
      t.ok(seconds > 0 && seconds <= 900, `Retry-After: ${seconds}`)
    })
  }

  await t.test('many at once get no further than many in turn', async (t) => {
    const answers = await Promise.all(
      Array.from({ length: 30 }, (_, index) => attempt('eve@example.org', 'wrong', `198.51.100.${index}`))
    )
    t.equal(answers.filter(({ status }) => status === 401).length, 10)
    t.equal(answers.filter(({ status }) => status === 429).length, 20)
  })
})

test('the limits themselves', async (t) => {
  const service = await openService(t)
  const limit = { failuresPerEmail: 2, failuresPerAddress: 3, windowMs: 60_000 }
  const open = (redisUrl: string, redisPrefix: string) => {
    const store = openLimitStore({ redisUrl, redisPrefix, logger: service.deps.logger })
    t.teardown(() => store.close())
    return { ...createSignInLimits(store, limit), isConnected: store.isConnected }
  }
  const { redisUrl, redisPrefix } = service.config

  await t.test('one address, or one IPv6 network, has a limit over all emails', async (t) => {
    const limits = open(redisUrl, `${redisPrefix}-a`)
    await until(() => limits.isConnected())
    for (const host of ['1', '2', '3'])
      await limits.begin({ address: `2001:db8::${host}`, email: `${host}@example.org` })
    await t.rejects(limits.begin({ address: '2001:db8::ffff', email: '4@example.org' }), {
      message: 'Too many failed attempts to sign in'
    })
    await limits.begin({ address: '2001:db8:0:1::1', email: '4@example.org' })
    t.pass('another network is another address')
  })

  await t.test('signing in clears the failures of an email, and gives the attempt back to the address', async (t) => {
    const limits = open(redisUrl, `${redisPrefix}-b`)
    const attempt = { address: '192.0.2.1', email: 'a@example.org' }
    for (let index = 0; index < 5; index++) {
      await limits.begin(attempt)
      await limits.succeed(attempt)
    }
    t.pass('as often as one likes')
  })

  await t.test('replicas count together', async (t) => {
    const one = open(redisUrl, `${redisPrefix}-c`)
    const other = open(redisUrl, `${redisPrefix}-c`)
    await until(() => one.isConnected() && other.isConnected())
    await one.begin({ address: '192.0.2.1', email: 'b@example.org' })
    await other.begin({ address: '192.0.2.2', email: 'b@example.org' })
    await t.rejects(one.begin({ address: '192.0.2.3', email: 'b@example.org' }), {
      message: 'Too many failed attempts to sign in'
    })
  })

  await t.test('without Redis each process goes on counting', async (t) => {
    const limits = open('redis://127.0.0.1:1', 'nowhere')
    const attempt = { address: '192.0.2.1', email: 'c@example.org' }
    await limits.begin(attempt)
    await limits.begin(attempt)
    await t.rejects(limits.begin(attempt), { message: 'Too many failed attempts to sign in' })
  })
})
