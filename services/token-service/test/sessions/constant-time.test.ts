import { test } from 'tap'
import { ADMIN, INTERNAL_KEY, openService } from '../support/service.ts'

const LONG = process.env.TEST_LONG === '1'
const SAMPLES = LONG ? 300 : 30

/**
 * Signing in takes the same time whether or not the email exists. Samples of both kinds alternate, so that a busy
 * machine slows both; the fastest and slowest fifths are left out. Welch's t beyond 5 is no accident.
 */
test('whether an email exists cannot be told from the time', async (t) => {
  const service = await openService(t)
  let address = 0
  const timed = async (email: string): Promise<number> => {
    const { signInLimits } = service.deps
    address += 1
    const client = `2001:db8:${address.toString(16)}::1`
    const startedMs = performance.now()
    const { status } = await service.anybody.call(
      'POST /v1/sessions',
      { email, password: 'wrong' },
      { 'patgate-internal-key': INTERNAL_KEY, 'patgate-client-address': client }
    )
    const tookMs = performance.now() - startedMs
    if (status !== 401) throw new Error(`was answered ${status}`)
    await signInLimits.succeed({ address: client, email })
    return tookMs
  }

  const known: number[] = []
  const unknown: number[] = []
  for (let round = -5; round < SAMPLES; round++) {
    const [one, other] = [await timed(ADMIN.email), await timed('nobody@example.org')]
    if (round < 0) continue
    known.push(one)
    unknown.push(other)
  }
  const score = Math.abs(welch(trimmed(known), trimmed(unknown)))
  t.ok(score < 5, `Welch's t is ${score.toFixed(2)} over ${SAMPLES} pairs`)
})

function trimmed(samples: readonly number[]): number[] {
  const sorted = [...samples].sort((one, other) => one - other)
  const cut = Math.floor(sorted.length / 5)
  return sorted.slice(cut, sorted.length - cut)
}

function welch(one: readonly number[], other: readonly number[]): number {
  const spread = variance(one) / one.length + variance(other) / other.length
  return (mean(one) - mean(other)) / Math.sqrt(spread)
}

function mean(samples: readonly number[]): number {
  return samples.reduce((sum, sample) => sum + sample, 0) / samples.length
}

function variance(samples: readonly number[]): number {
  const centre = mean(samples)
  return samples.reduce((sum, sample) => sum + (sample - centre) ** 2, 0) / (samples.length - 1)
}
