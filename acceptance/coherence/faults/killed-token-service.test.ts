import { randomInt } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import { test } from 'tap'
import { effort } from '../../support/effort.ts'
import { until } from '../../support/until.ts'
import type { Cluster, TestToken } from '../cluster.ts'
import { assertPromise } from '../report.ts'
import { revokeUnderLoad } from '../revoke-under-load.ts'
import { sharedCluster } from '../shared-cluster.ts'

const COUNT = effort(12, 200)
const KILLS = effort(2, 40)
/** From the call's first byte to its answer takes a few milliseconds; the moment of the kill is drawn from them. */
const KILL_WITHIN_MS = 12
const BACK_WITHIN_MS = 60_000

test('revocation while a token service is killed in the middle of it', async (t) => {
  const cluster = await sharedCluster()
  const killer = createKiller(cluster)
  const history = await revokeUnderLoad(cluster, {
    count: COUNT,
    fault: killer.heal,
    beforeEach: (token, gateway) => void killer.strike(token, gateway)
  })
  assertPromise(t, history)
  const { kills, committed } = killer.counts()
  t.comment(`${kills} kills, ${committed} of them after the commit and before the answer`)
  t.ok(kills > 0, 'a token service was killed while it revoked')
})

/** Kills, at most one at a time, the token service behind the gateway through which a revocation has just begun. */
function createKiller(cluster: Cluster) {
  let kills = 0
  let committed = 0
  let isBusy = false

  async function kill(token: TestToken, gateway: number): Promise<void> {
    const service = gateway % 2
    const pid = await pidOf(cluster, service)
    await pause(randomInt(KILL_WITHIN_MS + 1))
    // Stopped first, so that it can be asked elsewhere how far it came.
    process.kill(pid, 'SIGSTOP')
    const isRevoked = await cluster.isRevoked(token, elsewhere(gateway)).catch(() => false)
    process.kill(pid, 'SIGKILL')
    kills++
    if (isRevoked) committed++
    await until('it is started again, and answers', BACK_WITHIN_MS, async () => {
      if ((await pidOf(cluster, service)) === pid) return false
      return cluster.isRevoked(token, gateway).then(
        () => true,
        () => false
      )
    })
  }

  return {
    counts: () => ({ kills, committed }),
    async strike(token: TestToken, gateway: number): Promise<void> {
      if (isBusy || kills >= KILLS) return
      isBusy = true
      await kill(token, gateway).finally(() => {
        isBusy = false
      })
    },
    /** Nothing is left half dead. */
    async heal(over: AbortSignal): Promise<void> {
      await new Promise((resolve) => over.addEventListener('abort', resolve))
      await until('the last killing is done', BACK_WITHIN_MS, async () => !isBusy)
    }
  }
}

async function pidOf({ patgate }: Cluster, service: number): Promise<number> {
  const pid = (await patgate.readRunFile()).pids.token_services[service]
  if (pid === undefined) throw new Error(`no token service ${service}`)
  return pid
}

/** A gateway that talks to the other token service. */
function elsewhere(gateway: number): number {
  return gateway === 1 ? 0 : 1
}
