import { test } from 'tap'
import { until } from '../support/until.ts'
import type { TestToken } from './cluster.ts'
import { effort } from './effort.ts'
import { History } from './history.ts'
import { readMetric } from './metrics.ts'
import { sharedCluster } from './shared-cluster.ts'

const TOKENS = effort(500, 10_000)
const CLIENTS = 64
const USES_OF_EACH = 4
/** The one behind the link. */
const COLD = 2
const BACK_WITHIN_MS = 30_000
const RESOLVE = 'POST /internal/v1/resolve '

test('a gateway that starts with nothing in memory asks for each token once, however many clients bring it', async (t) => {
  const cluster = await sharedCluster()
  let resolves = 0
  cluster.link.watch((piece) => {
    resolves += piece.toString('latin1').split(RESOLVE).length - 1
  })
  const tokens = await cluster.createTokens(TOKENS)
  const opsUrl = cluster.patgate.run.gateway_ops_urls[COLD] ?? ''
  const cold = (await cluster.patgate.readRunFile()).pids.gateways[COLD] ?? 0
  process.kill(cold, 'SIGKILL')
  await until('it is started again', BACK_WITHIN_MS, async () => {
    const isNew = (await cluster.patgate.readRunFile()).pids.gateways[COLD] !== cold
    return isNew && (await readMetric(opsUrl, 'patgate_lease_state').catch(() => null))?.get('') === 1
  })
  t.equal((await readMetric(opsUrl, 'patgate_l1_entries')).get('kind="known"'), 0)

  resolves = 0
  const history = new History()
  const uses = tokens.flatMap((token) => Array.from({ length: USES_OF_EACH }, () => token))
  const work = uses.values()
  const client = async (): Promise<void> => {
    for (const token of work as Iterable<TestToken>) await cluster.use(history, token, COLD)
  }
  await Promise.all(Array.from({ length: CLIENTS }, client))

  t.equal(history.uses.filter(({ verdict }) => verdict === 'accepted').length, uses.length, 'all are accepted')
  t.equal(resolves, TOKENS, 'each token was asked for once')
  t.equal((await readMetric(opsUrl, 'patgate_l1_entries')).get('kind="known"'), TOKENS)
})
