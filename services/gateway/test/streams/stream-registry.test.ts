import fc from 'fast-check'
import { test } from 'tap'
import { RegistryWorld, type Sabotage } from './registry-world.ts'

const RUNS = process.env.LONG_TESTS === '1' ? 50_000 : 3_000

const token = fc.nat(2)
const step = fc.oneof(
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('open' as const), token, behind: fc.nat(2) }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('mutate' as const), token, isValid: fc.boolean() }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('deliver' as const) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('renew' as const) }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('answer' as const), at: fc.nat(5), isFailure: fc.boolean() }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('sweep' as const) }) },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant('advance' as const), ms: fc.constantFrom(1, 500, 1_999, 2_000) })
  }
)
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never

async function take(world: RegistryWorld, taken: Step): Promise<void> {
  if (taken.kind === 'open') world.open(taken.token, taken.behind)
  else if (taken.kind === 'mutate') world.mutate(taken.token, taken.isValid)
  else if (taken.kind === 'answer') await world.answer(taken.at, taken.isFailure)
  else if (taken.kind === 'advance') world.advance(taken.ms)
  else world[taken.kind]()
}

async function violationIn(steps: readonly Step[], sabotage: Sabotage): Promise<string | null> {
  const world = new RegistryWorld(sabotage)
  for (const taken of steps) {
    await take(world, taken)
    const violation = world.violation()
    if (violation !== null) return violation
  }
  return world.settle()
}

const findsNothing = (sabotage: Sabotage, numRuns: number) =>
  fc.check(
    fc.asyncProperty(fc.array(step, { maxLength: 60 }), async (steps) => {
      const violation = await violationIn(steps, sabotage)
      if (violation !== null) throw new Error(violation)
    }),
    { numRuns }
  )

test('no stream passes anything that an applied change, the clock or a lost lease forbids, and none is forgotten', async (t) => {
  const { failed, counterexample, errorInstance } = await findsNothing('none', RUNS)
  t.notOk(failed, `${String(errorInstance)} after ${JSON.stringify(counterexample)}`)
})

test('the same is found at once where the mechanism is switched off', async (t) => {
  for (const sabotage of ['answers are never too old', 'the lease is never over'] as const) {
    t.ok((await findsNothing(sabotage, 5_000)).failed, sabotage)
  }
})

test('nobody waits for ever', async (t) => {
  await t.test('a touched stream that nobody can say anything about is ended after two seconds', async (t) => {
    const world = new RegistryWorld('none')
    world.open(0, 0)
    world.mutate(0, false)
    world.deliver()
    for (let second = 0; second < 2; second++) {
      await world.answer(0, true)
      t.same(world.streams[0]?.cuts, [], `held after ${second} s`)
      world.advance(1_000)
      world.renew()
      world.sweep()
    }
    await world.answer(0, true)
    t.same(world.streams[0]?.cuts, ['unconfirmed'])
  })

  await t.test('without a lease a stream is held for half a minute, and then ended', async (t) => {
    const world = new RegistryWorld('none')
    world.open(0, 0)
    world.advance(2_000)
    world.sweep()
    world.advance(29_999)
    world.sweep()
    t.match(world.streams[0], { isHeld: true, cuts: [] })
    world.advance(1)
    world.sweep()
    t.same(world.streams[0]?.cuts, ['unconfirmed'])
  })
})
