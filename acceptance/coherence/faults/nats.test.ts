import { setTimeout as pause } from 'node:timers/promises'
import { test } from 'tap'
import { effort } from '../../support/effort.ts'
import { until } from '../../support/until.ts'
import type { Cluster } from '../cluster.ts'
import { assertPromise } from '../report.ts'
import { type Fault, revokeUnderLoad } from '../revoke-under-load.ts'
import { sharedCluster } from '../shared-cluster.ts'

const COUNT = effort(12, 300)
const BACK_WITHIN_MS = 30_000

test('revocation while NATS does not speak', async (t) => {
  const cluster = await sharedCluster()

  await t.test('NATS is healthy', async (t) => {
    assertPromise(t, await revokeUnderLoad(cluster, { count: COUNT, fault: async () => undefined }))
  })

  await t.test('NATS is stopped: connections stay open, and nothing comes through', async (t) => {
    assertPromise(t, await revokeUnderLoad(cluster, { count: COUNT, fault: stopped(cluster) }))
  })

  await t.test('NATS is killed again and again', async (t) => {
    assertPromise(t, await revokeUnderLoad(cluster, { count: COUNT, fault: killed(cluster) }))
  })
})

const stopped =
  (cluster: Cluster): Fault =>
  async (over) => {
    const pid = await pidOfNats(cluster)
    process.kill(pid, 'SIGSTOP')
    await new Promise((resolve) => over.addEventListener('abort', resolve))
    process.kill(pid, 'SIGCONT')
  }

const killed =
  (cluster: Cluster): Fault =>
  async (over) => {
    while (!over.aborted) {
      const pid = await pidOfNats(cluster)
      process.kill(pid, 'SIGKILL')
      await until('NATS is back', BACK_WITHIN_MS, async () => (await pidOfNats(cluster)) !== pid)
      await pause(1_000, undefined, { signal: over }).catch(() => undefined)
    }
  }

async function pidOfNats({ patgate }: Cluster): Promise<number> {
  return (await patgate.readRunFile()).pids.nats
}
