import { isDeepStrictEqual } from 'node:util'
import { manualClock } from '@patgate/test-kit'
import fc from 'fast-check'
import { decodeJwt, generateKeyPair } from 'jose'
import { test } from 'tap'
import { createAssertions } from '../../src/assertions/assertions.ts'
import type { Grant } from '../../src/decision/authorise.ts'

/** Few and short, so that what is joined from two of them is often the same: `a` and `bc`, `ab` and `c`. */
const word = fc.constantFrom('a', 'b', 'c', 'ab', 'bc', 'abc', 'a-b', '-')

const question = fc.record({
  upstream: word,
  tokenId: fc.option(word),
  sessionId: word,
  group: word,
  role: fc.option(fc.constantFrom('guest', 'analyst', 'owner')),
  asOf: fc.integer({ min: 0, max: 12 })
})
type Question = typeof question extends fc.Arbitrary<infer T> ? T : never

function grantOf({ tokenId, sessionId, group, role, asOf }: Question): Grant {
  const principal = {
    kind: 'human',
    tokenId,
    sessionId,
    owner: { id: `owner of ${tokenId ?? sessionId}` },
    expiresAtMs: null
  }
  return { principal, ask: { group }, role, asOf } as unknown as Grant
}

test('C1, C2: an assertion says what its own request is about, whatever was signed and kept before', async (t) => {
  const { privateKey } = await generateKeyPair('EdDSA')
  const key = { id: 'k', issuer: 'https://gate.example.org', key: privateKey }
  const keys = { current: async () => key, close: () => undefined }
  const assertions = createAssertions({ keys, clock: manualClock(Date.parse('2026-05-01T12:00:00Z')) })
  await fc.assert(
    fc.asyncProperty(question, async (asked) => {
      const { upstream, tokenId, sessionId, group, role } = asked
      const {
        aud,
        sub,
        token_id,
        group: told,
        role: toldRole
      } = decodeJwt(await assertions.about(grantOf(asked), upstream))
      const expected = { aud: upstream, sub: `owner of ${tokenId ?? sessionId}`, token_id: tokenId, group, role }
      return isDeepStrictEqual({ aud, sub, token_id, group: told, role: toldRole }, expected)
    }),
    { numRuns: 1_000 }
  )
  t.pass()
})
