import { toProblem } from '@patgate/service-kit'
import { test } from 'tap'
import { type Quota, rateLimitHeaders, tooManyRequests } from '../../src/rate-limits/quota.ts'

const policy = { name: 'token', requests: 100, perSeconds: 60 }
const quota = (remaining: number, resetMs: number): Quota => ({ policy, isAllowed: remaining > 0, remaining, resetMs })

test('headers are lists of structured fields, whole seconds rounded up', async (t) => {
  t.strictSame(rateLimitHeaders(quota(42, 16_001)), {
    'ratelimit-policy': '"token";q=100;w=60',
    ratelimit: '"token";r=42;t=17'
  })
  t.equal(rateLimitHeaders(quota(100, 0)).ratelimit, '"token";r=100;t=0')
})

test('a 429 says when to come back, and never before the window ends', async (t) => {
  const { status, body, headers } = toProblem(tooManyRequests(quota(0, 1_200)), 'request')
  t.equal(status, 429)
  t.equal(body.code, 'rate_limited')
  t.match(headers, { 'retry-after': '2', ratelimit: '"token";r=0;t=2' })
  t.equal(tooManyRequests(quota(0, 0)).options.headers?.['retry-after'], '1')
})
