import fc from 'fast-check'
import { test } from 'tap'
import { LEASE_MS, type Sabotage, World } from './world.ts'

const RUNS = Number(process.env.MODEL_RUNS ?? 20_000)
// Far more than a control needs: each ends at its first finding.
const CONTROL_RUNS = 200_000

const LONG_MS = 1_800_000

const index = fc.nat(30)
const shortMs = fc.constantFrom(1, 100, 500, LEASE_MS - 1)
const longMs = fc.constantFrom(LEASE_MS, LEASE_MS + 200, LEASE_MS + 201, 3 * LEASE_MS)

const step = fc.oneof(
  { weight: 14, arbitrary: fc.record({ kind: fc.constant('deliver' as const), at: index }) },
  { weight: 5, arbitrary: fc.record({ kind: fc.constant('renew' as const), at: index }) },
  { weight: 6, arbitrary: fc.record({ kind: fc.constant('request' as const), at: index, token: index }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('mutate' as const), at: index }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('advance' as const), ms: shortMs }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('advance' as const), ms: longMs }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('lose' as const), at: index }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('pause' as const), at: index }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('suspend' as const), at: index, ms: longMs }) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('stepWallClock' as const),
      at: index,
      ms: fc.integer({ min: -9_999, max: 9_999 })
    })
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('restart' as const), at: index }) },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('loseCommits' as const), count: fc.integer({ min: 1, max: 3 }) })
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('poisonRedis' as const), at: index }) }
)
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never

test('no interleaving accepts an old authority in a request that begins after the answer', {
  timeout: LONG_MS
}, async (t) => {
  const result = await explore('none', RUNS)
  t.notOk(result.failed, result.failed ? describeFailure(result) : `${result.numRuns} runs`)
})

const CONTROLS: Sabotage[] = [
  'acknowledgements ignored',
  'infinite leases',
  'fills unchecked',
  'renewal in one transaction',
  'coalescing without a lease',
  'redis believed'
]

for (const sabotage of CONTROLS) {
  test(`with ${sabotage}, the same exploration finds an accept after the answer`, { timeout: LONG_MS }, async (t) => {
    const result = await explore(sabotage, CONTROL_RUNS)
    t.ok(result.failed, `found after ${result.numRuns} runs`)
  })
}

function explore(sabotage: Sabotage, numRuns: number) {
  const histories = fc.array(step, { minLength: 10, maxLength: 120, size: 'max' })
  const property = fc.asyncProperty(histories, async (steps) => {
    const world = new World(sabotage)
    for (const each of steps) {
      take(world, each)
      await settled()
    }
    if (world.violations.length > 0) throw new Error(world.violations[0])
  })
  return fc.check(property, { numRuns, endOnFailure: sabotage !== 'none' })
}

/** What each step does to the world. */
const TAKE: { [Kind in Step['kind']]: (world: World, step: Extract<Step, { kind: Kind }>) => void } = {
  deliver: (world, { at }) => world.deliver(at),
  renew: (world, { at }) => world.renew(at),
  request: (world, { at, token }) => world.request(at, token),
  mutate: (world, { at }) => world.mutate(at),
  advance: (world, { ms }) => world.advance(ms),
  lose: (world, { at }) => world.lose(at),
  pause: (world, { at }) => world.togglePause(at),
  suspend: (world, { at, ms }) => world.suspend(at, ms),
  stepWallClock: (world, { at, ms }) => world.stepWallClock(at, ms),
  restart: (world, { at }) => world.restart(at),
  loseCommits: (world, { count }) => world.loseCommits(count),
  poisonRedis: (world, { at }) => world.poisonRedis(at)
}

function take(world: World, step: Step): void {
  const action = TAKE[step.kind] as (world: World, step: Step) => void
  action(world, step)
}

/** Lets everything run that waits for nothing but its turn. */
function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}

function describeFailure(result: fc.RunDetails<[Step[]]>): string {
  return `${String(result.errorInstance)}\n${JSON.stringify(result.counterexample, null, 1)}\nseed ${result.seed}`
}
