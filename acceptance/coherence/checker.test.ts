import fc from 'fast-check'
import { test } from 'tap'
import { violationsOf } from './checker.ts'
import { type AuthorityChange, History, type Use, type Verdict } from './history.ts'

const take = (invokedMs: number, returnedMs: number | null): AuthorityChange => ({
  token: 'a',
  gives: false,
  invokedMs,
  returnedMs
})
const give = (invokedMs: number, returnedMs: number | null): AuthorityChange => ({
  ...take(invokedMs, returnedMs),
  gives: true
})
const use = (invokedMs: number, returnedMs: number, verdict: Verdict, token = 'a'): Use => ({
  token,
  gateway: 0,
  invokedMs,
  returnedMs,
  verdict
})

const GOOD: Record<string, { changes: AuthorityChange[]; uses: Use[] }> = {
  'an accept that began before the answer': { changes: [take(10, 20)], uses: [use(19, 30, 'accepted')] },
  'an accept at the very moment of the answer': { changes: [take(10, 20)], uses: [use(20, 30, 'accepted')] },
  'a refusal while a revocation is under way': { changes: [take(10, 20)], uses: [use(11, 12, 'refused')] },
  'an accept after a revocation that was never answered': {
    changes: [take(10, null)],
    uses: [use(5_000, 5_001, 'accepted')]
  },
  'an accept after a restoration': { changes: [take(10, 20), give(30, 40)], uses: [use(41, 42, 'accepted')] },
  'an accept while a restoration is under way': {
    changes: [take(10, 20), give(30, 40)],
    uses: [use(25, 31, 'accepted')]
  },
  'an accept after a restoration that was never answered': {
    changes: [take(10, 20), give(30, null)],
    uses: [use(99, 100, 'accepted')]
  },
  'either verdict after two opposite calls that overlapped': {
    changes: [take(10, 30), give(20, 25)],
    uses: [use(40, 41, 'accepted'), use(42, 43, 'refused')]
  },
  'what is unclear': { changes: [take(10, 20)], uses: [use(30, 31, 'unclear')] },
  'an accept of another token': { changes: [take(10, 20)], uses: [use(30, 31, 'accepted', 'b')] }
}

const BAD: Record<string, { changes: AuthorityChange[]; uses: Use[] }> = {
  'an accept that began after the answer': { changes: [take(10, 20)], uses: [use(20.001, 30, 'accepted')] },
  'a refusal that began after the answer of a creation': { changes: [give(10, 20)], uses: [use(21, 30, 'refused')] },
  'a refusal after a restoration': { changes: [take(10, 20), give(30, 40)], uses: [use(41, 42, 'refused')] },
  'an accept after revoked, restored and revoked again': {
    changes: [take(10, 20), give(30, 40), take(50, 60)],
    uses: [use(61, 62, 'accepted')]
  },
  'an accept long before the restoration began': {
    changes: [take(10, 20), give(30, 40)],
    uses: [use(21, 29, 'accepted')]
  },
  'one accept among many refusals': {
    changes: [take(10, 20)],
    uses: [use(21, 22, 'refused'), use(22, 23, 'accepted'), use(23, 24, 'refused')]
  }
}

for (const [what, history] of Object.entries(GOOD)) {
  test(`${what} is no violation`, async (t) => {
    t.same(violationsOf(history), [])
  })
}

for (const [what, history] of Object.entries(BAD)) {
  test(`${what} is a violation`, async (t) => {
    t.equal(violationsOf(history).length, 1)
  })
}

/** Durations before and after the moment at which an operation takes effect. */
const interval = fc.record({ before: fc.nat(50), after: fc.nat(50) })
const operations = fc.array(
  fc.oneof(
    fc.record({
      kind: fc.constant('change' as const),
      gives: fc.boolean(),
      gap: fc.integer({ min: 1, max: 20 }),
      interval
    }),
    fc.record({ kind: fc.constant('use' as const), gap: fc.integer({ min: 1, max: 20 }), interval })
  ),
  { maxLength: 30 }
)

type Steps = typeof operations extends fc.Arbitrary<infer T> ? T : never

/** A history of a register that is truly atomic: each operation takes effect at one moment between its ends. */
function atomicHistory(steps: Steps) {
  const history = { uses: [] as Use[], changes: [] as AuthorityChange[] }
  let isValid = true
  let now = 100
  for (const {
    gap,
    interval: { before, after },
    ...step
  } of steps) {
    now += gap
    if (step.kind === 'use') history.uses.push(use(now - before, now + after, isValid ? 'accepted' : 'refused'))
    else {
      isValid = step.gives
      history.changes.push((isValid ? give : take)(now - before, now + after))
    }
  }
  return { history, isValid, endMs: now }
}
test('no history of an atomic register is blamed, however its operations overlap', async (t) => {
  fc.assert(fc.property(operations, (steps) => violationsOf(atomicHistory(steps).history).length === 0))
  t.pass('none')
})

test('a use that begins when all is over and contradicts the last change is found in any history', async (t) => {
  fc.assert(
    fc.property(operations, fc.boolean(), (steps, gives) => {
      const { history, endMs } = atomicHistory(steps)
      const last = (gives ? give : take)(endMs + 100, endMs + 110)
      const wrong = use(endMs + 111, endMs + 112, gives ? 'refused' : 'accepted')
      const found = violationsOf({ changes: [...history.changes, last], uses: [...history.uses, wrong] })
      return found.length === 1 && found[0]?.use === wrong
    })
  )
  t.pass('always found')
})

test('a history keeps when each operation began and ended, and what it answered', async (t) => {
  const history = new History()
  const before = performance.now()
  await history.use('a', 1, async () => 'accepted')
  await history.use('a', 1, async () => Promise.reject(new Error('no connection')))
  const answered = await history.change('a', false, async () => true)
  await history.change('a', false, async () => Promise.reject(new Error('no connection')))
  t.same(
    history.uses.map(({ verdict }) => verdict),
    ['accepted', 'unclear']
  )
  t.equal(history.count('a', 1, 'accepted'), 1)
  t.ok(history.uses.every(({ invokedMs, returnedMs }) => before <= invokedMs && invokedMs <= returnedMs))
  t.ok(answered.returnedMs !== null && answered.invokedMs <= answered.returnedMs)
  t.equal(history.changes[1]?.returnedMs, null, 'a call that failed was never answered')
})
