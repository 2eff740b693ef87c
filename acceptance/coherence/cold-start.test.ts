import { test } from 'tap'
import { until } from '../support/until.ts'
import type { Cluster, TestToken } from './cluster.ts'
import { effort } from './effort.ts'
import { History } from './history.ts'
import { readMetric } from './metrics.ts'
import { sharedCluster } from './shared-cluster.ts'

const TOKENS = effort(100, 10_000)
const CLIENTS = 64
const USES_OF_EACH = effort(8, 4)
/** The one behind the link. */
const COLD = 2
const BACK_WITHIN_MS = 30_000
const RESOLVE = 'POST /internal/v1/resolve '
const RENEWAL = 'POST /internal/v1/leases/'
/** A lease lasts 2 s and is renewed every 500 ms: with no longer pause between two renewals it was live all the while. */
const LEASED_MS = 1_500
const ATTEMPTS = 4

test('a gateway that starts with nothing in memory asks for each token once, however many clients bring it', async (t) => {
  const cluster = await sharedCluster()
  const tokens = await cluster.createTokens(TOKENS)
  const opsUrl = cluster.patgate.run.gateway_ops_urls[COLD] ?? ''
  const known = async () => (await readMetric(opsUrl, 'patgate_l1_entries')).get('kind="known"')
  const wire = watchWire(cluster)
  let history = new History()

  // Without a live lease each request asks for itself, and must (coherence.md, "Fills"): an attempt in which two busy cores
  // let it lapse says nothing of what a gateway with a lease does.
  for (let attempt = 1; ; attempt++) {
    await restartCold(cluster, opsUrl)
    t.equal(await known(), 0)
    wire.begin()
    history = new History()
    await useAll(cluster, history, tokens)
    if (wire.longestPauseMs() < LEASED_MS || attempt === ATTEMPTS) break
    t.comment(`no renewal for ${Math.round(wire.longestPauseMs())} ms: once more`)
  }
  const accepted = history.uses.filter(({ verdict }) => verdict === 'accepted').length
  t.equal(accepted, TOKENS * USES_OF_EACH, 'all are accepted')
  t.equal(wire.resolves(), TOKENS, 'each token was asked for once')
  t.equal(await known(), TOKENS)
})

/** What the gateway behind the link says to its token service. */
function watchWire({ link }: Cluster) {
  let resolves = 0
  let renewals: number[] = []
  link.watch((piece) => {
    const text = piece.toString('latin1')
    resolves += text.split(RESOLVE).length - 1
    if (text.includes(RENEWAL)) renewals.push(performance.now())
  })
  return {
    begin() {
      resolves = 0
      renewals = [performance.now()]
    },
    resolves: () => resolves,
    longestPauseMs: () =>
      Math.max(...[...renewals, performance.now()].map((at, index) => at - (renewals[index - 1] ?? at)))
  }
}

async function restartCold({ patgate }: Cluster, opsUrl: string): Promise<void> {
  const pidOf = async () => (await patgate.readRunFile()).pids.gateways[COLD] ?? 0
  const cold = await pidOf()
  process.kill(cold, 'SIGKILL')
  await until('it is started again', BACK_WITHIN_MS, async () => {
    const isNew = (await pidOf()) !== cold
    return isNew && (await readMetric(opsUrl, 'patgate_lease_state').catch(() => null))?.get('') === 1
  })
}

async function useAll(cluster: Cluster, history: History, tokens: readonly TestToken[]): Promise<void> {
  const work = tokens.flatMap((token) => Array.from({ length: USES_OF_EACH }, () => token)).values()
  const client = async (): Promise<void> => {
    for (const token of work as Iterable<TestToken>) await cluster.use(history, token, COLD)
  }
  await Promise.all(Array.from({ length: CLIENTS }, client))
}
