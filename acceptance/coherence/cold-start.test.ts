import { test } from 'tap'
import { freePort } from '../support/free-port.ts'
import { until } from '../support/until.ts'
import { startCluster, type TestToken } from './cluster.ts'
import { effort } from './effort.ts'
import { History } from './history.ts'
import { readMetric } from './metrics.ts'
import { openLink } from './tcp-proxy.ts'

const TOKENS = effort(1_000, 10_000)
const CLIENTS = 64
const USES_OF_EACH = 4
const COLD = 2
const BACK_WITHIN_MS = 30_000
const RESOLVE = 'POST /internal/v1/resolve '

test('a gateway that starts with nothing in memory asks for each token once, however many clients bring it', async (t) => {
  const [internalPort, otherInternalPort, linkPort] = [await freePort(), await freePort(), await freePort()]
  let resolves = 0
  const link = await openLink(linkPort, internalPort, (piece) => {
    resolves += piece.toString('latin1').split(RESOLVE).length - 1
  })
  t.teardown(() => link.close())
  const cluster = await startCluster(t, {
    environment: {
      TOKEN_SERVICE_INTERNAL_PORTS: `${internalPort},${otherInternalPort}`,
      TOKEN_SERVICE_LINKS: `,,http://127.0.0.1:${linkPort}`
    }
  })
  const tokens = await cluster.createTokens(TOKENS)
  const opsUrl = cluster.patgate.run.gateway_ops_urls[COLD] ?? ''
  const cold = cluster.patgate.run.pids.gateways[COLD] ?? 0
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
