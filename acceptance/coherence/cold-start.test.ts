import { test } from 'tap'
import { effort } from '../support/effort.ts'
import { until } from '../support/until.ts'
import type { Cluster, TestToken } from './cluster.ts'
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
const ATTEMPTS = 10

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
    const before = await lapses(opsUrl)
    wire.begin()
    history = new History()
    await useAll(cluster, history, tokens)
    if ((await isLeased(opsUrl)) && (await lapses(opsUrl)) === before) break
    t.comment(`the lease lapsed in attempt ${attempt}`)
    if (attempt === ATTEMPTS) return t.fail(`the lease lapsed in each of ${ATTEMPTS} attempts: the machine is too busy`)
  }
  const accepted = history.uses.filter(({ verdict }) => verdict === 'accepted').length
  t.equal(accepted, TOKENS * USES_OF_EACH, 'all are accepted')
  t.equal(wire.resolves(), TOKENS, 'each token was asked for once')
  t.equal(await known(), TOKENS)
})

/** How often the gateway behind the link asks its token service for a token. */
function watchWire({ link }: Cluster) {
  let resolves = 0
  link.watch((piece) => {
    resolves += piece.toString('latin1').split(RESOLVE).length - 1
  })
  return {
    begin: () => {
      resolves = 0
    },
    resolves: () => resolves
  }
}

async function isLeased(opsUrl: string): Promise<boolean> {
  return (await readMetric(opsUrl, 'patgate_lease_state')).get('') === 1
}

async function lapses(opsUrl: string): Promise<number | undefined> {
  return (await readMetric(opsUrl, 'patgate_lease_lapses_total')).get('')
}

async function restartCold({ patgate }: Cluster, opsUrl: string): Promise<void> {
  const pidOf = async () => (await patgate.readRunFile()).pids.gateways[COLD] ?? 0
  const cold = await pidOf()
  process.kill(cold, 'SIGKILL')
  await until('it is started again', BACK_WITHIN_MS, async () => {
    const isNew = (await pidOf()) !== cold
    return isNew && isLeased(opsUrl).catch(() => false)
  })
}

async function useAll(cluster: Cluster, history: History, tokens: readonly TestToken[]): Promise<void> {
  const work = tokens.flatMap((token) => Array.from({ length: USES_OF_EACH }, () => token)).values()
  const client = async (): Promise<void> => {
    for (const token of work as Iterable<TestToken>) await cluster.use(history, token, COLD)
  }
  await Promise.all(Array.from({ length: CLIENTS }, client))
}
